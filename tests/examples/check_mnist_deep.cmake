# cmake -D PROGRAM=<file> -D NAME=mnist_deep -D OUT=<folder> -P check_mnist_deep.cmake
cmake_minimum_required(VERSION 3.25)
include("${CMAKE_CURRENT_LIST_DIR}/check_program.cmake")

has_files("${OUT}" filters.png)
has_fields("${OUT}/metrics.json" test_squared_error pca_test_squared_error unpretrained_test_squared_error)
run(0 --quick --pretraining autoencoders --validate --out "${OUT}/layers")
says("as a denoising autoencoder" "First without pretraining" "not moved")
has_fields("${OUT}/layers/metrics.json" pretraining validation_squared_error pca_validation_squared_error
  unpretrained_validation_squared_error)
run(0 --quick --reference --pretraining rbm --code-size 2 --out "${OUT}/machines")
says("as a restricted Boltzmann machine" "without pretraining [0-9]")
has_files("${OUT}/machines" codes.svg pca_codes.svg)
refused("--reference" --pretraining rbm)
refuses_options("--pretraining=some" "--code-size=0" "--batch-size=1")
