# cmake -D PROGRAM=<file> -D NAME=mnist_classifier -D OUT=<folder> -P check_mnist_classifier.cmake
# The study of features, on digits it draws itself, in seconds: its files, its figures, and one line for a bad option.
cmake_minimum_required(VERSION 3.25)

include("${CMAKE_CURRENT_LIST_DIR}/check_functions.cmake")
file(REMOVE_RECURSE "${OUT}")

run(0 --quick --width 30 --out "${OUT}" --threads 1)
says("334 labels" "pixels +[0-9.]+ / -" "scratch +- / [0-9.]+" "contractive" "variational" "test digits")
has_files("${OUT}" errors.svg)
has_fields("${OUT}/metrics.json" example labels test_error_percent scratch_test_error_percent chosen
  linear_error_percent_pixels linear_error_percent_pca linear_error_percent_plain tuned_error_percent_plain
  linear_error_percent_denoising tuned_error_percent_denoising linear_error_percent_contractive
  tuned_error_percent_contractive linear_error_percent_sparse linear_error_percent_variational
  tuned_error_percent_variational linear_error_percent_plain_100 tuned_error_percent_scratch_100)

run(0 --quick --width 30 --labels 50 --out "${OUT}/few" --threads 1)
says("With 50 labels" "plain")
has_fields("${OUT}/few/metrics.json" tuned_error_percent_plain_50 test_error_percent)

refuses_options("--labels=0" "--labels=60000" "--width=0" "--labels=many" "--no-such-option" "--images=no such folder")
run(0 --help)
