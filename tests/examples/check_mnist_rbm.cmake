# cmake -D PROGRAM=<file> -D NAME=mnist_rbm -D OUT=<folder> -P check_mnist_rbm.cmake
# The machine of digits, on digits it draws itself, in seconds: its files, what it prints, its exit codes, and one line
# for a bad option.
cmake_minimum_required(VERSION 3.25)

include("${CMAKE_CURRENT_LIST_DIR}/check_functions.cmake")
file(REMOVE_RECURSE "${OUT}")

run(0 --quick --out "${OUT}")
says("100 test digits" "annealed importance sampling" "reverse annealing" "published")
has_files("${OUT}" filters.png samples.png reconstructions.png loss.svg likelihood.svg)
set(fields example images train_images test_images code_size parameters epochs seconds threads seed test_mse
  train_log_likelihood log_partition log_partition_lower log_partition_upper)
has_fields("${OUT}/metrics.json" ${fields} test_log_likelihood test_log_likelihood_reverse)

# The choice of a recipe does not look at the test digits.
run(0 --quick --validate --epochs 1 --steps 1 --out "${OUT}/validation")
says("66 validation digits")
has_fields("${OUT}/validation/metrics.json" ${fields} validation_log_likelihood validation_log_likelihood_reverse)
file(READ "${OUT}/validation/metrics.json" metrics)
if(metrics MATCHES "test_log_likelihood")
  message(FATAL_ERROR "--validate reports on the test digits")
endif()

# The same figures for any number of threads.
foreach(threads IN ITEMS 1 3)
  run(0 --quick --epochs 1 --threads ${threads} --out "${OUT}/threads")
  file(READ "${OUT}/threads/metrics.json" metrics)
  foreach(field IN ITEMS test_log_likelihood test_log_likelihood_reverse train_log_likelihood)
    string(JSON figure GET "${metrics}" ${field})
    if(DEFINED first_${field} AND NOT first_${field} STREQUAL figure)
      message(FATAL_ERROR "${field} is ${figure} with ${threads} threads and ${first_${field}} with one")
    endif()
    set(first_${field} "${figure}")
  endforeach()
endforeach()

file(MAKE_DIRECTORY "${OUT}/empty")
refuses_options("--no-such-option" "--images=no such folder" "--images=${OUT}/empty" "--epochs=many" "--steps=0")
run(0 --help)
