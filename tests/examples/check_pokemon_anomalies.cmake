# cmake -D PROGRAM=<file> -D NAME=pokemon_anomalies -D OUT=<folder> -P check_pokemon_anomalies.cmake
# As all programs on images, and what only this one has.
include("${CMAKE_CURRENT_LIST_DIR}/check_program.cmake")

foreach(file IN ITEMS anomalies.png histogram.svg)
  if(NOT EXISTS "${OUT}/${file}")
    message(FATAL_ERROR "There is no ${file}")
  endif()
endforeach()
foreach(field IN ITEMS threshold false_alarm_rate digits_roc_auc digits_average_precision digits_flagged damage_roc_auc
    damage_average_precision damage_pixel_roc_auc erased_roc_auc rotated_roc_auc replaced_roc_auc scratched_roc_auc
    recolored_roc_auc blurred_pixel_roc_auc blurred_flagged pca_damage_roc_auc pca_damage_pixel_roc_auc
    nearest_digits_roc_auc)
  string(JSON type ERROR_VARIABLE missing TYPE "${metrics}" ${field})
  if(missing OR NOT type STREQUAL "NUMBER")
    message(FATAL_ERROR "metrics.json has no number ${field}: ${missing}")
  endif()
endforeach()

foreach(wrong IN ITEMS "--false-alarms=1" "--part=training" "--width=0")
  execute_process(COMMAND "${PROGRAM}" --quick --out "${OUT}" "${wrong}"
    RESULT_VARIABLE code OUTPUT_QUIET ERROR_VARIABLE errors)
  if(NOT code EQUAL 2 OR NOT errors MATCHES "^[^\n]+\n$")
    message(FATAL_ERROR "${wrong} ended with ${code} (not 2), or not with one line:\n${errors}")
  endif()
endforeach()
foreach(arguments IN ITEMS "--part;validation" "--size;33x22;--width;4")
  execute_process(COMMAND "${PROGRAM}" --quick --out "${OUT}/other" ${arguments} RESULT_VARIABLE code OUTPUT_QUIET)
  if(NOT code EQUAL 0)
    message(FATAL_ERROR "${arguments} ended with ${code}")
  endif()
endforeach()
