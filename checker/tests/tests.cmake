# What `make test` builds and runs; included by CMakeLists.txt where it is there.
# The harness's own tests, and the small programs they run in rooms: built by `make test` alone.
file(GLOB tests CONFIGURE_DEPENDS checker/tests/*.cpp)
add_executable(harness-tests EXCLUDE_FROM_ALL ${tests})
target_link_libraries(harness-tests PRIVATE core nlohmann_json::nlohmann_json warnings)
file(GLOB test_programs CONFIGURE_DEPENDS checker/tests/programs/*)
foreach(program ${test_programs})
  get_filename_component(name ${program} NAME_WE)
  # A file, or a folder of files.
  if(IS_DIRECTORY ${program})
    file(GLOB program CONFIGURE_DEPENDS ${program}/*.cpp)
  endif()
  add_executable(${name} EXCLUDE_FROM_ALL ${program})
  target_link_libraries(${name} PRIVATE Threads::Threads plain)
  set_target_properties(${name} PROPERTIES UNITY_BUILD OFF)
  add_dependencies(harness-tests ${name})
endforeach()
# The same as one that nothing can be loaded before, where this machine has the libraries for it.
include(CheckCXXSourceCompiles)
set(CMAKE_REQUIRED_LINK_OPTIONS -static)
check_cxx_source_compiles("#include <string>\nint main(int, char** v) { return std::string(v[0]).empty(); }" can_link_statically)
unset(CMAKE_REQUIRED_LINK_OPTIONS)
if(can_link_statically)
  add_executable(forgers_static EXCLUDE_FROM_ALL checker/tests/programs/forgers.cpp)
  target_link_libraries(forgers_static PRIVATE plain)
  target_link_options(forgers_static PRIVATE -static)
  add_dependencies(harness-tests forgers_static)
endif()

# `make test`: each file of the harness's tests, each lab's proof, the command line, other users and other rooms.
set(environment IPCLAB_HOME=${CMAKE_SOURCE_DIR} IPCLAB_BUILD=${CMAKE_BINARY_DIR})
foreach(test ${tests})
  get_filename_component(name ${test} NAME_WE)
  if(NOT name MATCHES "main|in_room")
    add_test(NAME harness.${name} COMMAND harness-tests -sf=*/${name}.cpp)
    list(APPEND all_tests harness.${name})
  endif()
endforeach()
file(GLOB labs CONFIGURE_DEPENDS LIST_DIRECTORIES true RELATIVE ${CMAKE_SOURCE_DIR}/labs labs/[0-9][0-9]-*)
foreach(lab ${labs})
  add_test(NAME proof.${lab} COMMAND ipclab prove --lab ${lab})
  # The longest come first, so that none runs on alone in the end.
  file(GLOB wrong CONFIGURE_DEPENDS checker/faults/${lab}/*)
  list(LENGTH wrong cost)
  set_tests_properties(proof.${lab} PROPERTIES COST ${cost})
  list(APPEND all_tests proof.${lab})
endforeach()
add_test(NAME proof.catalogue COMMAND ipclab prove --catalogue)
file(GLOB scripts CONFIGURE_DEPENDS checker/tests/*.sh)
foreach(script ${scripts})
  get_filename_component(name ${script} NAME_WE)
  add_test(NAME ${name} COMMAND bash ${script})
  list(APPEND all_tests ${name})
endforeach()
set_tests_properties(${all_tests} proof.catalogue PROPERTIES ENVIRONMENT "${environment}" WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
# A proof is hundreds of gradings: on a slow machine it takes more than the 25 minutes that ctest allows by itself.
set_tests_properties(${all_tests} PROPERTIES TIMEOUT 4000)
# Rooms without namespaces share the user's limits on processes and pending signals with whatever runs beside them.
set_tests_properties(elsewhere PROPERTIES RUN_SERIAL ON)
# Where Node, npm, Chromium, the manual or GNU parallel are missing it says so, and counts as not run.
# What it costs to talk is measured for one slide: nothing else may run meanwhile.
set_tests_properties(slides PROPERTIES SKIP_RETURN_CODE 77 RUN_SERIAL ON)
# Where no judge of the formats is installed.
set_tests_properties(formats PROPERTIES SKIP_RETURN_CODE 77)
set_tests_properties(class PROPERTIES SKIP_RETURN_CODE 77)
# How long a keystroke takes is measured.
set_tests_properties(gradebook PROPERTIES SKIP_RETURN_CODE 77 RUN_SERIAL ON)
