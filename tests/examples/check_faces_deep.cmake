# cmake -D PROGRAM=<file> -D NAME=faces_deep -D OUT=<folder> -P check_faces_deep.cmake
cmake_minimum_required(VERSION 3.25)
include("${CMAKE_CURRENT_LIST_DIR}/check_program.cmake")

has_files("${OUT}" filters.png)
has_fields("${OUT}/metrics.json" test_squared_error pca_test_squared_error unpretrained_test_squared_error)
run(0 --quick --pretraining autoencoders --validate --out "${OUT}/layers")
says("as a denoising autoencoder" "500 patches of 25 people")
has_fields("${OUT}/layers/metrics.json" pretraining validation_squared_error)
refuses_options("--patches=0" "--batch-size=1" "--pretraining=rbm")
