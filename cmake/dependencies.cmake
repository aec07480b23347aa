# Finds what the library and its programs depend on: the system's package first, then, with EIGENCODER_FETCH,
# a download pinned by its hash. Only Eigen is required; what depends on anything else is skipped without it.
# GLOBAL, so that a project which adds this one as a subdirectory sees them where it links.
include(FetchContent)

# Fetches a git commit; `name` is the CMake project's, `url` and `commit` pin it.
function(eigencoder_fetch name url commit)
  message(STATUS "${name} was not found and is fetched from ${url}")
  # SYSTEM comes first: after GIT_TAG CMake 3.25 would take it for a part of that.
  FetchContent_Declare(${name} SYSTEM GIT_REPOSITORY ${url} GIT_TAG ${commit} ${ARGN})
  FetchContent_MakeAvailable(${name})
endfunction()

# A target for fetched headers that need no build of their own.
function(eigencoder_headers_only target directory)
  add_library(${target} INTERFACE IMPORTED GLOBAL)
  set_target_properties(${target} PROPERTIES INTERFACE_INCLUDE_DIRECTORIES "${directory}")
endfunction()

# Eigen is searched without a version: the version files of 3.4 and 5 refuse each other's ranges.
if(NOT TARGET Eigen3::Eigen)
  find_package(Eigen3 QUIET NO_MODULE GLOBAL)
endif()
if(Eigen3_FOUND AND Eigen3_VERSION VERSION_LESS 3.4)
  message(FATAL_ERROR "Eigencoder needs Eigen 3.4 or newer; found ${Eigen3_VERSION} in ${Eigen3_DIR}")
elseif(NOT TARGET Eigen3::Eigen AND EIGENCODER_FETCH)
  message(STATUS "Eigen was not found and is fetched from gitlab.com/libeigen")
  FetchContent_Declare(eigen
    URL https://gitlab.com/libeigen/eigen/-/archive/3.4.0/eigen-3.4.0.tar.gz
    URL_HASH SHA256=8586084f71f9bde545ee7fa6d00288b264a2b7ac3607b974e54d13e7162c1c72
    SOURCE_SUBDIR headers-only)  # no such folder: its own build is not run
  FetchContent_MakeAvailable(eigen)
  eigencoder_headers_only(Eigen3::Eigen "${eigen_SOURCE_DIR}")
elseif(NOT TARGET Eigen3::Eigen)
  message(FATAL_ERROR "Eigencoder needs Eigen 3.4 or newer (Debian: libeigen3-dev; or -D EIGENCODER_FETCH=ON)")
endif()

if(EIGENCODER_THREADS)
  find_package(Threads REQUIRED GLOBAL)
endif()

find_package(ZLIB QUIET GLOBAL)
if(NOT ZLIB_FOUND)
  message(STATUS "zlib was not found: compressed files are not read (Debian: zlib1g-dev)")
endif()

if(NOT TARGET stb::stb)
  list(PREPEND CMAKE_MODULE_PATH "${CMAKE_CURRENT_LIST_DIR}")
  find_package(stb QUIET MODULE GLOBAL)
  list(POP_FRONT CMAKE_MODULE_PATH)
endif()
if(NOT TARGET stb::stb AND EIGENCODER_FETCH)
  eigencoder_fetch(stb https://github.com/nothings/stb.git 5736b15f7ea0ffb08dd38af21067c314d6a3aae9)
  FetchContent_GetProperties(stb)
  eigencoder_headers_only(stb::stb "${stb_SOURCE_DIR}")
elseif(NOT TARGET stb::stb)
  message(STATUS "stb was not found: eigencoder::image is not offered (Debian: libstb-dev)")
endif()

if(NOT TARGET nlohmann_json::nlohmann_json)
  find_package(nlohmann_json 3.9 QUIET GLOBAL)
endif()
if(NOT TARGET nlohmann_json::nlohmann_json AND EIGENCODER_FETCH)
  eigencoder_fetch(nlohmann_json https://github.com/nlohmann/json.git 9cca280a4d0ccf0c08f47a99aa71d1b0e52f8d03
    SOURCE_SUBDIR headers-only)  # no such folder: its own build is not run
  FetchContent_GetProperties(nlohmann_json)
  eigencoder_headers_only(nlohmann_json::nlohmann_json "${nlohmann_json_SOURCE_DIR}/include")
elseif(NOT TARGET nlohmann_json::nlohmann_json)
  message(STATUS "nlohmann_json was not found: <eigencoder/io.hpp> (model files) is not offered "
    "(Debian: nlohmann-json3-dev)")
endif()

if(EIGENCODER_BUILD_TESTS)
  find_package(Catch2 QUIET)  # 2 and 3 will both do
  if(NOT Catch2_FOUND AND EIGENCODER_FETCH)
    eigencoder_fetch(Catch2 https://github.com/catchorg/Catch2.git 05e10dfccc28c7f973727c54f850237d07d5e10f)
  elseif(NOT Catch2_FOUND)
    message(FATAL_ERROR "The tests need Catch2, 2 or 3 (Debian: catch2; or -D EIGENCODER_BUILD_TESTS=OFF)")
  endif()
endif()

if(EIGENCODER_BUILD_EXAMPLES)
  find_package(CLI11 QUIET)
  if(NOT CLI11_FOUND AND EIGENCODER_FETCH)
    eigencoder_fetch(CLI11 https://github.com/CLIUtils/CLI11.git 6c7b07a878ad834957b98d0f9ce1dbe0cb204fc9)
  endif()
endif()
