# cmake -D PROGRAM=<file> -D NAME=<name> -D OUT=<folder> -P check_program.cmake
# An example, on data it draws itself, in seconds: its files, its exit codes, and one line for a bad option.
cmake_minimum_required(VERSION 3.25)

include("${CMAKE_CURRENT_LIST_DIR}/check_functions.cmake")
file(REMOVE_RECURSE "${OUT}")
execute_process(COMMAND "${PROGRAM}" --quick --out "${OUT}" RESULT_VARIABLE code)
if(NOT code EQUAL 0)
  message(FATAL_ERROR "--quick ended with ${code}")
endif()

has_files("${OUT}" reconstructions.png loss.svg)
has_fields("${OUT}/metrics.json" example images train_images test_images code_size parameters epochs seconds threads
  seed train_mse test_mse test_psnr mean_image_test_mse pca_test_mse pca_components)
file(READ "${OUT}/metrics.json" metrics)
string(JSON example GET "${metrics}" example)
if(NOT example STREQUAL NAME)
  message(FATAL_ERROR "metrics.json calls the example ${example}")
endif()

# Few images of one's own: six, of which one is held out, and three of these the same.
set(own "${OUT}/own")
foreach(i RANGE 1 3)
  configure_file("${OUT}/reconstructions.png" "${own}/same ${i}.png" COPYONLY)
  configure_file("${CMAKE_CURRENT_LIST_DIR}/../../examples/pokemon_conv.png" "${own}/other ${i}.png" COPYONLY)
endforeach()
if(NAME MATCHES "^pokemon")
  set(few "${OUT}/few")
  execute_process(COMMAND "${PROGRAM}" --quick --images "${own}" --out "${few}"
    RESULT_VARIABLE code OUTPUT_VARIABLE text)
  if(NOT code EQUAL 0)
    message(FATAL_ERROR "With six images it ended with ${code}")
  endif()
  string(REGEX MATCHALL "[a-z_]+\\.(json|png|svg)" results "${text}")
  has_files("${few}" ${results} metrics.json)
endif()
file(MAKE_DIRECTORY "${OUT}/empty")
configure_file("${OUT}/reconstructions.png" "${OUT}/one/image.png" COPYONLY)

refuses_options("--no-such-option" "--images=no such folder" "--images=${OUT}/empty" "--images=${OUT}/one"
  "--epochs=many")
execute_process(COMMAND "${PROGRAM}" --help RESULT_VARIABLE code OUTPUT_QUIET)
if(NOT code EQUAL 0)
  message(FATAL_ERROR "--help ended with ${code}")
endif()
