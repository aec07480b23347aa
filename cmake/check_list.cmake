# cmake -D ROOT=<repository> -P check_list.cmake
# Fails when a header of a room whose members the laws test is not included by tests/laws/list.hpp.
set(rooms layers losses penalties optimizers)

# What a room holds beside its members: contracts and helpers, nothing that a law could be tested on.
set(infrastructure
  concepts
  layers/initializer layers/pointwise
  losses/elementwise
  optimizers/clipping)

file(READ "${ROOT}/tests/laws/list.hpp" list)
foreach(room IN LISTS rooms)
  file(GLOB headers "${ROOT}/include/eigencoder/${room}/*.hpp")
  foreach(header IN LISTS headers)
    cmake_path(GET header STEM name)
    string(FIND "${list}" "#include <eigencoder/${room}/${name}.hpp>" found)
    if(found EQUAL -1 AND NOT name IN_LIST infrastructure AND NOT "${room}/${name}" IN_LIST infrastructure)
      message(SEND_ERROR "tests/laws/list.hpp does not list eigencoder/${room}/${name}.hpp: "
        "include it there and add what it holds to the list, so that the laws test it")
    endif()
  endforeach()
endforeach()
