# cmake -D COMPILER=GNU -D VERSION=12.2 -D BASE=<file> -D UNIT=<file> -D BUDGET=<file> [-D UPDATE=ON]
#       -P check_budget.cmake -- <compiler> <flag>...
#
# Work is what the compiler itself counts, the same on every run: g++ the memory it takes from its own heap
# (-ftime-report), clang the declarations, types and expressions it makes (-print-stats). The unit's work
# over the base's may exceed the budget of this compiler by 25%. UPDATE writes the budget instead.
cmake_minimum_required(VERSION 3.25)

set(allowed_growth 125)  # percent

include("${CMAKE_CURRENT_LIST_DIR}/../command.cmake")
command_after_separator(compile)

if(COMPILER STREQUAL "GNU")
  set(report -ftime-report)
  set(pattern "TOTAL [^\n]* ([0-9]+)M\n")
elseif(COMPILER STREQUAL "Clang")
  set(report -Xclang -print-stats)
  set(pattern "([0-9]+) (types|decls|stmts/exprs) total")
else()
  message("${COMPILER} has no budget yet")
  return()
endif()

function(count_work source result)
  execute_process(COMMAND ${compile} -O0 -S -o - ${report} "${source}"
    RESULT_VARIABLE code OUTPUT_QUIET ERROR_VARIABLE output)
  if(NOT code EQUAL 0)
    message(FATAL_ERROR "${source} does not compile:\n${output}")
  endif()
  set(sum 0)
  string(REPLACE ";" "," output "${output}")
  string(REGEX MATCHALL "${pattern}" counts "${output}")
  foreach(count IN LISTS counts)
    string(REGEX REPLACE "${pattern}" "\\1" count "${count}")
    math(EXPR sum "${sum} + ${count}")
  endforeach()
  if(sum EQUAL 0)
    message(FATAL_ERROR "The compiler's report is not understood:\n${output}")
  endif()
  set(${result} ${sum} PARENT_SCOPE)
endfunction()

count_work("${BASE}" base)
count_work("${UNIT}" unit)
math(EXPR percent "100 * ${unit} / ${base}")

string(REGEX MATCH "^[0-9]+" major "${VERSION}")
set(key "${COMPILER} ${major}")
message("${key}: ${unit} / ${base} = ${percent}%")

file(READ "${BUDGET}" budgets)
string(REGEX MATCH "\n${key}: ([0-9]+)%" line "${budgets}")
if(UPDATE AND line)
  string(REPLACE "${line}" "\n${key}: ${percent}%" budgets "${budgets}")
  file(WRITE "${BUDGET}" "${budgets}")
elseif(UPDATE)
  file(APPEND "${BUDGET}" "${key}: ${percent}%\n")
elseif(NOT line)
  message("${key} has no budget yet")
else()
  math(EXPR limit "${CMAKE_MATCH_1} * ${allowed_growth} / 100")
  if(percent GREATER limit)
    message(FATAL_ERROR "The model's instantiation work is ${percent}% of the yardstick's. "
      "The budget is ${CMAKE_MATCH_1}%, the limit ${limit}%")
  endif()
endif()
