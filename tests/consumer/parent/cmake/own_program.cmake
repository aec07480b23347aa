if(NOT PROJECT_NAME STREQUAL "parent")
  message(FATAL_ERROR "The library includes the own_program.cmake of the project that adds it")
endif()
set(parent_own_program TRUE)
