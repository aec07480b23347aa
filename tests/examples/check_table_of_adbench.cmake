# cmake -D PROGRAM=<table_anomalies> -D OUT=<folder> -P check_table_of_adbench.cmake
# A table of ADBench, where $EIGENCODER_DATA has it. The figures of the classic methods are those that scikit-learn
# gives by the same protocol, means over 5 seeds, which are other draws there; ours is not to be far behind.
cmake_minimum_required(VERSION 3.25)

set(table "$ENV{EIGENCODER_DATA}/adbench/6_cardio.csv.gz")
if(NOT EXISTS "${table}")
  message(STATUS "Skipped: there is no adbench/6_cardio.csv.gz in $EIGENCODER_DATA")
  return()
endif()
file(REMOVE_RECURSE "${OUT}")
execute_process(COMMAND "${PROGRAM}" --csv "${table}" --label label --out "${OUT}" RESULT_VARIABLE code OUTPUT_QUIET
  ERROR_QUIET)
if(NOT code EQUAL 0)
  message(FATAL_ERROR "It ended with ${code}")
endif()
file(READ "${OUT}/metrics.json" metrics)
foreach(bounds IN ITEMS "roc_auc;0.935;0.975" "average_precision;0.78;0.9" "knn_roc_auc;0.93;0.96"
    "knn_average_precision;0.78;0.85" "mahalanobis_roc_auc;0.93;0.96" "pca_roc_auc;0.85;0.9"
    "false_alarm_rate;0.01;0.1")
  list(GET bounds 0 field)
  list(GET bounds 1 low)
  list(GET bounds 2 high)
  string(JSON value GET "${metrics}" ${field})
  if(value LESS low OR value GREATER high)
    message(FATAL_ERROR "${field} is ${value}, not within ${low} and ${high}")
  endif()
endforeach()
