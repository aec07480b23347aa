# cmake -D SOURCE=<file.cpp> -P compile.cmake -- <compiler> <flag>...
# Compiles a file, without making anything of it; skipped where the compiler or its standard library is missing.
cmake_minimum_required(VERSION 3.25)

include("${CMAKE_CURRENT_LIST_DIR}/../command.cmake")
command_after_separator(command)
list(APPEND command -std=c++20 -fsyntax-only)

get_filename_component(folder "${SOURCE}" DIRECTORY)
execute_process(COMMAND ${command} "${folder}/standard_library.cpp"
  RESULT_VARIABLE code OUTPUT_VARIABLE output ERROR_VARIABLE output)
if(NOT code EQUAL 0)
  list(JOIN command " " command)
  message(STATUS "skipped: cannot compile for this system: ${command}")
  return()
endif()
execute_process(COMMAND ${command} -Wall -Wextra -Werror "${SOURCE}" RESULT_VARIABLE code)
if(NOT code EQUAL 0)
  message(FATAL_ERROR "This file must compile")
endif()
