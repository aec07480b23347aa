# cmake -D PROGRAM=<file> -D NAME=pokemon_anomalies -D OUT=<folder> -P check_pokemon_anomalies.cmake
# As all programs on images, and what only this one has.
include("${CMAKE_CURRENT_LIST_DIR}/check_program.cmake")

has_files("${OUT}" anomalies.png histogram.svg pictures.md)
foreach(field IN ITEMS threshold false_alarm_rate digits_roc_auc digits_average_precision digits_flagged damage_roc_auc
    damage_average_precision damage_pixel_roc_auc erased_roc_auc rotated_roc_auc replaced_roc_auc scratched_roc_auc
    recolored_roc_auc blurred_pixel_roc_auc blurred_flagged pca_damage_roc_auc pca_damage_pixel_roc_auc
    nearest_digits_roc_auc)
  string(JSON type ERROR_VARIABLE missing TYPE "${metrics}" ${field})
  if(missing OR NOT type STREQUAL "NUMBER")
    message(FATAL_ERROR "metrics.json has no number ${field}: ${missing}")
  endif()
endforeach()

refuses_options("--false-alarms=1" "--part=training" "--width=0")
foreach(arguments IN ITEMS "--part;validation" "--size;33x22;--width;4")
  execute_process(COMMAND "${PROGRAM}" --quick --out "${OUT}/other" ${arguments} RESULT_VARIABLE code OUTPUT_QUIET)
  if(NOT code EQUAL 0)
    message(FATAL_ERROR "${arguments} ended with ${code}")
  endif()
endforeach()
