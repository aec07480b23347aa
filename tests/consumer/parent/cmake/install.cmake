if(NOT PROJECT_NAME STREQUAL "parent")
  message(FATAL_ERROR "The library includes the install.cmake of the project that adds it")
endif()
set(parent_install TRUE)
