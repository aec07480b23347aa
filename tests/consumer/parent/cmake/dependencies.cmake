if(NOT PROJECT_NAME STREQUAL "parent")
  message(FATAL_ERROR "The library includes the dependencies.cmake of the project that adds it")
endif()
set(parent_dependencies TRUE)
