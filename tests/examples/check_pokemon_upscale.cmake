# cmake -D PROGRAM=<file> -D NAME=pokemon_upscale -D OUT=<folder> -P check_pokemon_upscale.cmake
cmake_minimum_required(VERSION 3.25)
include("${CMAKE_CURRENT_LIST_DIR}/check_functions.cmake")
file(REMOVE_RECURSE "${OUT}")

run(0 --quick --width 4 --out "${OUT}")
says("Held out" "at full size" "times as fast")
has_files("${OUT}" reconstructions.png loss.svg)
has_fields("${OUT}/metrics.json" task test_psnr baseline_psnr full_size_psnr images_per_second
  full_size_images_per_second)
refused("even" --size 33x22)
refuses_options("--no-such-option" "--images=no such folder" "--width=0")
