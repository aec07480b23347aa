# What the checks of the examples share. They are called with -D PROGRAM=<file> -D NAME=<name> -D OUT=<folder>.

# run(<code> <argument>...): runs the program; `text` is what it printed, `errors` what it printed on the error output.
function(run expected)
  execute_process(COMMAND "${PROGRAM}" ${ARGN} RESULT_VARIABLE code OUTPUT_VARIABLE text ERROR_VARIABLE errors)
  if(NOT code EQUAL expected)
    message(FATAL_ERROR "${ARGN} ended with ${code}, not ${expected}:\n${text}${errors}")
  endif()
  set(text "${text}" PARENT_SCOPE)
  set(errors "${errors}" PARENT_SCOPE)
endfunction()

# refused(<regex> <argument>...): the program ends with 2 and one line that the expression describes.
function(refused wanted)
  run(2 --quick --out "${OUT}/refused" ${ARGN})
  if(NOT errors MATCHES "^${NAME}: [^\n]+\n$" OR NOT errors MATCHES "${wanted}")
    message(FATAL_ERROR "${ARGN}: expected one line with '${wanted}':\n${errors}")
  endif()
endfunction()

# refuses_options(<option>...): each alone ends the program with 2 and one line.
function(refuses_options)
  foreach(wrong IN LISTS ARGN)
    execute_process(COMMAND "${PROGRAM}" --quick --out "${OUT}" "${wrong}"
      RESULT_VARIABLE code OUTPUT_QUIET ERROR_VARIABLE errors)
    if(NOT code EQUAL 2 OR NOT errors MATCHES "^[^\n]+\n$")
      message(FATAL_ERROR "${wrong} ended with ${code} (not 2), or not with one line:\n${errors}")
    endif()
  endforeach()
endfunction()

# says(<regex>...): what the program printed.
function(says)
  foreach(wanted IN LISTS ARGN)
    if(NOT text MATCHES "${wanted}")
      message(FATAL_ERROR "There is no '${wanted}' in:\n${text}")
    endif()
  endforeach()
endfunction()

function(has_files folder)
  foreach(file IN LISTS ARGN)
    if(NOT EXISTS "${folder}/${file}")
      message(FATAL_ERROR "There is no ${folder}/${file}")
    endif()
  endforeach()
endfunction()

# has_fields(<file> <field>...): fields that are there; a field may be a path, a/b.
function(has_fields file)
  file(READ "${file}" metrics)
  foreach(field IN LISTS ARGN)
    string(REPLACE "/" ";" path "${field}")
    string(JSON value ERROR_VARIABLE missing GET "${metrics}" ${path})
    if(missing)
      message(FATAL_ERROR "${file}: ${missing}")
    endif()
  endforeach()
endfunction()
