# cmake -D DOXYGEN=<program> -D ROOT=<repository> -D OUT=<folder> -P check.cmake
# Fails on any warning of Doxygen, except for what needs no comment: deduction guides, and special members that are
# defaulted or deleted.
cmake_minimum_required(VERSION 3.25)

if(NOT DOXYGEN)
  message("skipped: Doxygen was not found (Debian: doxygen)")
  return()
endif()

# Doxygen warns when it is to write nothing: the list of names is the smallest that it writes.
file(READ "${CMAKE_CURRENT_LIST_DIR}/Doxyfile" options)
file(WRITE "${OUT}/Doxyfile" "${options}\nOUTPUT_DIRECTORY = \"${OUT}\"\nGENERATE_TAGFILE = \"${OUT}/names.xml\"\n")
execute_process(COMMAND "${DOXYGEN}" "${OUT}/Doxyfile" WORKING_DIRECTORY "${ROOT}"
  RESULT_VARIABLE code OUTPUT_VARIABLE output ERROR_VARIABLE output)
if(NOT code EQUAL 0)
  message(FATAL_ERROR "Doxygen failed:\n${output}")
endif()

string(REPLACE ";" "," output "${output}")
string(REPLACE "[]" "()" output "${output}")  # brackets would join the items of a list
string(REGEX MATCHALL "[^\n]+" lines "${output}")
list(REMOVE_DUPLICATES lines)
list(SORT lines COMPARE NATURAL)
set(count 0)
foreach(line IN LISTS lines)
  if(line MATCHES " ?=(default|delete) \\((function|friend)\\)")
    continue()
  endif()
  if(line MATCHES "Member ([A-Za-z0-9_]+)\\(.*\\) -> ([A-Za-z0-9_]+)" AND CMAKE_MATCH_1 STREQUAL CMAKE_MATCH_2)
    continue()
  endif()
  string(REPLACE "${ROOT}/" "" line "${line}")
  message("${line}")
  math(EXPR count "${count} + 1")
endforeach()
if(count GREATER 0)
  message(FATAL_ERROR "Doxygen has ${count} warnings")
endif()
