# cmake -D SIZE=<the program size> -D OBJECT=<file> -D MOST=<bytes> -P check_size.cmake: checks the bytes of code and
# data of an object file.
execute_process(COMMAND "${SIZE}" "${OBJECT}" OUTPUT_VARIABLE output COMMAND_ERROR_IS_FATAL ANY)
message("${output}")
if(NOT output MATCHES "\n *([0-9]+)[ \t]+([0-9]+)[ \t]+([0-9]+)")
  message(FATAL_ERROR "Not understood")
endif()
math(EXPR bytes "${CMAKE_MATCH_1} + ${CMAKE_MATCH_2} + ${CMAKE_MATCH_3}")
if(bytes GREATER MOST OR bytes LESS 20000)  # the weights alone are 20120 bytes
  message(FATAL_ERROR "${bytes} bytes, at most ${MOST}")
endif()
