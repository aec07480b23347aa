# cmake -D FILE=<compile_commands.json> -P check_flags.cmake: our own programs' flags must not reach a user.
cmake_minimum_required(VERSION 3.25)

file(READ "${FILE}" commands)
if(commands MATCHES " (-W[a-z][^ \"]*|-march[^ \"]*)")
  message(FATAL_ERROR "A flag of ours reached a user of the library: ${CMAKE_MATCH_1}")
endif()
