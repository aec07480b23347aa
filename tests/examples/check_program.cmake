# cmake -D PROGRAM=<file> -D NAME=<name> -D OUT=<folder> -P check_program.cmake
# An example, on data it draws itself, in seconds: its files, its exit codes, and one line for a bad option.
cmake_minimum_required(VERSION 3.25)

file(REMOVE_RECURSE "${OUT}")
execute_process(COMMAND "${PROGRAM}" --quick --out "${OUT}" RESULT_VARIABLE code)
if(NOT code EQUAL 0)
  message(FATAL_ERROR "--quick ended with ${code}")
endif()

foreach(file IN ITEMS metrics.json reconstructions.png loss.svg)
  if(NOT EXISTS "${OUT}/${file}")
    message(FATAL_ERROR "There is no ${file}")
  endif()
endforeach()
file(READ "${OUT}/metrics.json" metrics)
foreach(field IN ITEMS example images train_images test_images code_size parameters epochs seconds threads seed
    train_mse test_mse test_psnr mean_image_test_mse pca_test_mse pca_components)
  string(JSON value ERROR_VARIABLE missing GET "${metrics}" ${field})
  if(missing)
    message(FATAL_ERROR "metrics.json: ${missing}")
  endif()
endforeach()
string(JSON example GET "${metrics}" example)
if(NOT example STREQUAL NAME)
  message(FATAL_ERROR "metrics.json calls the example ${example}")
endif()

foreach(wrong IN ITEMS "--no-such-option" "--images=no such folder" "--epochs=many")
  execute_process(COMMAND "${PROGRAM}" --quick --out "${OUT}" "${wrong}"
    RESULT_VARIABLE code OUTPUT_QUIET ERROR_VARIABLE errors)
  if(NOT code EQUAL 2 OR NOT errors MATCHES "^[^\n]+\n$")
    message(FATAL_ERROR "${wrong} ended with ${code} (not 2), or not with one line:\n${errors}")
  endif()
endforeach()
execute_process(COMMAND "${PROGRAM}" --help RESULT_VARIABLE code OUTPUT_QUIET)
if(NOT code EQUAL 0)
  message(FATAL_ERROR "--help ended with ${code}")
endif()
