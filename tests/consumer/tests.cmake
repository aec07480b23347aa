# Builds and runs the project beside this file in two ways, and the README's code in the first.
# Nothing is downloaded; compiler and generator are this build's.
set(consumer_source "${CMAKE_CURRENT_LIST_DIR}")
set(consumer_build "${CMAKE_CURRENT_BINARY_DIR}/consumer")

# eigencoder_consumer_test(<name> RUN <program> [OPTIONS <cmake argument>...] [FIXTURES <name>...])
# Configures, builds and runs the project, then looks for flags of ours among the project's.
function(eigencoder_consumer_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "RUN" "OPTIONS;FIXTURES")
  set(build "${consumer_build}/${name}")
  add_test(NAME "consumer: ${name}"
    COMMAND "${CMAKE_CTEST_COMMAND}"
      --build-and-test "${consumer_source}" "${build}"
      --build-generator "${CMAKE_GENERATOR}"
      --build-makeprogram "${CMAKE_MAKE_PROGRAM}"
      --build-noclean
      --build-options
        "-DCMAKE_CXX_COMPILER=${CMAKE_CXX_COMPILER}"
        -DCMAKE_EXPORT_COMPILE_COMMANDS=ON "-DEXPECT_ZLIB=${ZLIB_FOUND}" ${arg_OPTIONS}
      --test-command "${arg_RUN}")
  set_tests_properties("consumer: ${name}" PROPERTIES
    FIXTURES_REQUIRED "${arg_FIXTURES}" FIXTURES_SETUP "consumer_${name}" TIMEOUT 600)
  add_test(NAME "consumer: ${name}: no flag of ours"
    COMMAND "${CMAKE_COMMAND}" -D "FILE=${build}/compile_commands.json"
      -P "${consumer_source}/check_flags.cmake")
  set_tests_properties("consumer: ${name}: no flag of ours" PROPERTIES
    FIXTURES_REQUIRED "consumer_${name}")
endfunction()

eigencoder_consumer_test(subdirectory
  OPTIONS "-DEIGENCODER_SOURCE_DIR=${PROJECT_SOURCE_DIR}"
  RUN consumer)

add_test(NAME "consumer: exported headers"
  COMMAND "${CMAKE_CTEST_COMMAND}"
    --build-and-test "${consumer_source}/exported" "${consumer_build}/exported"
    --build-generator "${CMAKE_GENERATOR}"
    --build-makeprogram "${CMAKE_MAKE_PROGRAM}"
    --build-noclean
    --build-options "-DCMAKE_CXX_COMPILER=${CMAKE_CXX_COMPILER}" "-DEIGENCODER_SOURCE_DIR=${PROJECT_SOURCE_DIR}"
    --test-command "${CMAKE_CTEST_COMMAND}" --output-on-failure)
set_tests_properties("consumer: exported headers" PROPERTIES TIMEOUT 600)

# A project with modules of the same names as ours.
add_test(NAME "consumer: modules of the same names"
  COMMAND "${CMAKE_CTEST_COMMAND}"
    --build-and-test "${consumer_source}/parent" "${consumer_build}/parent"
    --build-generator "${CMAKE_GENERATOR}"
    --build-makeprogram "${CMAKE_MAKE_PROGRAM}"
    --build-options "-DCMAKE_CXX_COMPILER=${CMAKE_CXX_COMPILER}" "-DEIGENCODER_SOURCE_DIR=${PROJECT_SOURCE_DIR}")

# What the system does not have is fetched by git.
find_package(Git QUIET)
if(Git_FOUND AND Eigen3_FOUND)
  add_test(NAME "consumer: a part is fetched"
    COMMAND "${CMAKE_COMMAND}" --fresh -G "${CMAKE_GENERATOR}" "-DEIGENCODER_SOURCE_DIR=${PROJECT_SOURCE_DIR}"
      -S "${consumer_source}/fetch" -B "${consumer_build}/fetch")
endif()

if(NOT Eigen3_FOUND)
  message(STATUS "The tests of the installed package are skipped: they need Eigen on the system")
  return()
endif()

set(prefix "${consumer_build}/prefix")
add_test(NAME "consumer: install"
  COMMAND "${CMAKE_COMMAND}" --install "${PROJECT_BINARY_DIR}" --prefix "${prefix}")
set_tests_properties("consumer: install" PROPERTIES FIXTURES_SETUP installed)

set(installed "-DCMAKE_PREFIX_PATH=${prefix}" "-DEigen3_DIR=${Eigen3_DIR}")
eigencoder_consumer_test(package OPTIONS ${installed} RUN consumer FIXTURES installed)

set(readme_folder "${consumer_build}/readme_code")
add_test(NAME "consumer: the README's code is found"
  COMMAND "${CMAKE_COMMAND}" -D "README=${PROJECT_SOURCE_DIR}/README.md" -D "OUT=${readme_folder}"
    -P "${consumer_source}/extract_readme.cmake")
set_tests_properties("consumer: the README's code is found" PROPERTIES FIXTURES_SETUP readme)
eigencoder_consumer_test(readme
  OPTIONS ${installed} -DCMAKE_BUILD_TYPE=Release "-DREADME_FOLDER=${readme_folder}"
  RUN readme FIXTURES installed readme)
