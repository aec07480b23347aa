# cmake -D ROOT=<repository> -P check_list.cmake
# Fails when tests/laws/list.hpp or eigencoder.hpp leaves out a header of a room whose members the laws test, or when
# the list does not name a type that such a header defines.
cmake_minimum_required(VERSION 3.25)

if(NOT ROOT)
  message(FATAL_ERROR "cmake -D ROOT=<repository> -P check_list.cmake")
endif()
cmake_path(ABSOLUTE_PATH ROOT NORMALIZE)

set(rooms corruption layers bottleneck losses penalties optimizers)

# What a room holds beside its members: contracts and machinery, nothing that a law could be tested on.
set(infrastructure bottleneck/gaussian_posterior corruption/corrupted corruption/erased_mask layers/interpolation
  layers/window_options)

# What eigencoder.hpp includes through others.
set(reached bottleneck/kullback_leibler bottleneck/maximum_mean_discrepancy losses/block)

# Types that members are made of: each is tested in the member that it belongs to.
set(parts WithBias WithoutMask BasicDropout BasicLayerNorm Block ConvolutionBase LearnedBlocks PoolingBase SkipSum
  TopKBase Watermark)

set(list_file tests/laws/list.hpp)
file(READ "${ROOT}/${list_file}" list)
file(READ "${ROOT}/include/eigencoder/eigencoder.hpp" umbrella)
file(READ "${ROOT}/include/eigencoder/restoration.hpp" restoration)
string(APPEND umbrella "${restoration}")
string(REGEX MATCH "using Policies = [^\;]*" pairs "${list}")
foreach(room IN LISTS rooms)
  file(GLOB headers RELATIVE "${ROOT}/include/eigencoder" "${ROOT}/include/eigencoder/${room}/*.hpp")
  if(NOT headers)
    message(SEND_ERROR "${ROOT} has no headers of ${room}")
  endif()
  foreach(header IN LISTS headers)
    string(REPLACE ".hpp" "" name "${header}")
    if(name IN_LIST infrastructure)
      continue()
    endif()
    string(FIND "${list}" "#include <eigencoder/${header}>" found)
    if(found EQUAL -1)
      message(SEND_ERROR "${list_file} does not include <eigencoder/${header}>: include it, and add what it "
        "holds to the list, so that the laws test it")
    endif()
    if(NOT umbrella MATCHES "#include <eigencoder/${header}>" AND NOT name IN_LIST reached)
      message(SEND_ERROR "Neither eigencoder.hpp nor restoration.hpp includes <eigencoder/${header}>")
    endif()

    file(READ "${ROOT}/include/eigencoder/${header}" text)
    string(REPLACE ";" "," text "${text}")
    # A policy is tested in pairs with all others.
    if(text MATCHES "string_view kind = \"([A-Za-z0-9]+)\"" AND NOT pairs MATCHES "[ <]${CMAKE_MATCH_1}[,<>]")
      message(SEND_ERROR "${list_file} does not name ${CMAKE_MATCH_1} of <eigencoder/${header}> among its Policies: "
        "add it, so that the laws test it with every other")
    endif()
    string(REGEX MATCHALL "\n(struct|class) [A-Z][A-Za-z0-9]*( final)? [:{]" types "${text}")
    foreach(type IN LISTS types)
      string(REGEX REPLACE "\n(struct|class) ([A-Za-z0-9]*).*" "\\2" type "${type}")
      if(NOT type IN_LIST parts AND NOT list MATCHES "[^A-Za-z0-9_]${type}[^A-Za-z0-9_]")
        message(SEND_ERROR "${list_file} does not name ${type} of <eigencoder/${header}>: add it to its list, "
          "so that the laws test it")
      endif()
    endforeach()
  endforeach()
endforeach()
