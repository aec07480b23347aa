# cmake -D SOURCE=<file.cpp> -P check.cmake -- <compiler> <flag>...
#
# The file's lines `// expect: <sentence>` say what the compiler must print. The check passes when the file
# does not compile, exactly one line of the output holds `error:`, and every sentence is complete in
# its first 20 lines. `// expect: no error` is the control: the file must compile.
cmake_minimum_required(VERSION 3.25)

include("${CMAKE_CURRENT_LIST_DIR}/../command.cmake")
command_after_separator(command)

# CMake gives ; [ ] a meaning of their own in lists.
function(without_list_signs text result)
  string(REPLACE ";" "," text "${text}")
  string(REPLACE "[" "(" text "${text}")
  string(REPLACE "]" ")" text "${text}")
  set(${result} "${text}" PARENT_SCOPE)
endfunction()

file(READ "${SOURCE}" source)
without_list_signs("${source}" source)
string(REGEX MATCHALL "// expect: [^\n]+" expected "${source}")
list(TRANSFORM expected REPLACE "^// expect: " "")
list(LENGTH expected expectations)
if(expectations EQUAL 0)
  message(FATAL_ERROR "${SOURCE} has no line `// expect: <sentence>`")
endif()

set(ENV{LC_ALL} C)
execute_process(COMMAND ${command} -fsyntax-only "${SOURCE}"
  RESULT_VARIABLE code OUTPUT_VARIABLE output ERROR_VARIABLE output)
message("${output}")

if(expected STREQUAL "no error")
  if(NOT code EQUAL 0)
    message(FATAL_ERROR "This file must compile")
  endif()
  return()
endif()
if(code EQUAL 0)
  message(FATAL_ERROR "This file must not compile")
endif()

without_list_signs("${output}" output)
string(REGEX MATCHALL "[^\n]*error:[^\n]*" errors "${output}")
list(LENGTH errors count)
if(NOT count EQUAL 1)
  message(FATAL_ERROR "There must be one error; there are ${count}")
endif()

# A long sentence reaches the compiler as several short strings (clang would cut one), printed as
# Name<...>{"the decoder ends with 784 values,"}, Line<18>{"the input has 785"}: the text between the pieces is removed.
string(REPEAT "[^\n]*\n?" 20 twenty_lines)
string(REGEX MATCH "^${twenty_lines}" shown "${output}")
string(REGEX REPLACE "\n *[0-9]* \\|[^\n]*" "" shown "${shown}")  # quoted source proves nothing
string(REGEX REPLACE "\"[})]+, *[A-Za-z_:]*(<[^<>\"]*>)?[{(]+\"" " " shown "${shown}")
string(REGEX REPLACE "[ \n]+" " " shown "${shown}")
foreach(sentence IN LISTS expected)
  string(FIND "${shown}" "${sentence}" found)
  if(found EQUAL -1)
    message(FATAL_ERROR "Not in the first 20 lines: ${sentence}")
  endif()
endforeach()
