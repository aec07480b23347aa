# cmake -D README=<README.md> -D PROGRAM=<file> -P extract_readme.cmake: the first ```cpp block, as printed.
cmake_minimum_required(VERSION 3.25)

file(READ "${README}" text)
string(FIND "${text}" "\n```cpp\n" start)
if(start EQUAL -1)
  message(FATAL_ERROR "${README} has no cpp block")
endif()
math(EXPR start "${start} + 8")
string(SUBSTRING "${text}" ${start} -1 text)
string(FIND "${text}" "```" end)
string(SUBSTRING "${text}" 0 ${end} text)
file(CONFIGURE OUTPUT "${PROGRAM}" CONTENT "@text@" @ONLY)
