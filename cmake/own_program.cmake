# eigencoder_own_program(<target>): the flags of our own programs, on the target itself, so that
# nothing of them reaches a user of the library.
include(CheckCXXCompilerFlag)
# On some processors clang 19 warns of its own choice; then the flag is left out.
check_cxx_compiler_flag("-Werror -march=native" EIGENCODER_HAS_MARCH_NATIVE)
# By default compilers use half of a 512-bit register.
check_cxx_compiler_flag("-Werror -mprefer-vector-width=512" EIGENCODER_HAS_VECTOR_WIDTH)

function(eigencoder_own_program target)
  set_target_properties(${target} PROPERTIES CXX_EXTENSIONS OFF)
  if(CMAKE_CXX_COMPILER_ID MATCHES "GNU|Clang")
    target_compile_options(${target} PRIVATE
      -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow)
    if(EIGENCODER_WARNINGS)
      target_compile_options(${target} PRIVATE -Werror)
    endif()
  endif()
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    # A literal + a temporary string, inlined, sets this warning off (GCC bug 105651).
    target_compile_options(${target} PRIVATE -Wno-restrict)
  endif()
  if(EIGENCODER_NATIVE AND EIGENCODER_HAS_MARCH_NATIVE)
    target_compile_options(${target} PRIVATE
      -march=native $<$<BOOL:${EIGENCODER_HAS_VECTOR_WIDTH}>:-mprefer-vector-width=512>)
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
      # Its own AVX-512 intrinsics set these warnings off (GCC bug 105593).
      target_compile_options(${target} PRIVATE -Wno-maybe-uninitialized -Wno-uninitialized)
    endif()
  endif()
endfunction()
