# smflow_library(NAME SOURCES ... DEPENDS ... PRIVATE_DEPENDS ...)
#   static library smflow::NAME with include/ as its public folder.
function(smflow_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;DEPENDS;PRIVATE_DEPENDS" ${ARGN})
  add_library(smflow_${name} STATIC ${arg_SOURCES})
  add_library(smflow::${name} ALIAS smflow_${name})
  target_include_directories(smflow_${name} PUBLIC ${CMAKE_CURRENT_SOURCE_DIR}/include PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/src)
  target_link_libraries(smflow_${name} PUBLIC ${arg_DEPENDS} PRIVATE smflow_settings smflow_warnings ${arg_PRIVATE_DEPENDS})
endfunction()

# smflow_program(NAME SOURCES ... DEPENDS ...)
function(smflow_program name)
  cmake_parse_arguments(arg "" "" "SOURCES;DEPENDS" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_include_directories(${name} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE ${arg_DEPENDS} smflow_settings smflow_warnings)
endfunction()

# Nobody waits for a test's own code, and compiling it without optimising takes half the time.
add_library(smflow_test_settings INTERFACE)
target_compile_options(smflow_test_settings INTERFACE -O0)

# smflow_test(NAME LABEL unit|integration|e2e SOURCES ... DEPENDS ... [TIMEOUT seconds])
#   one GoogleTest program; every test case is a ctest entry of its own, so they run in parallel.
function(smflow_test name)
  cmake_parse_arguments(arg "" "LABEL;TIMEOUT" "SOURCES;DEPENDS" ${ARGN})
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 60)
  endif()
  add_executable(${name} ${arg_SOURCES})
  target_include_directories(${name} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
  target_compile_definitions(${name} PRIVATE SMFLOW_SOURCE_DIR="${CMAKE_SOURCE_DIR}" SMFLOW_BINARY_DIR="${CMAKE_BINARY_DIR}")
  target_link_libraries(${name} PRIVATE ${arg_DEPENDS} smflow_test_support smflow_settings smflow_test_settings
                                        smflow_warnings GTest::gtest_main GTest::gmock)
  gtest_discover_tests(${name} NO_PRETTY_VALUES PROPERTIES LABELS ${arg_LABEL} TIMEOUT ${arg_TIMEOUT} DISCOVERY_TIMEOUT 60)
endfunction()

# smflow_moto_test(NAME FILE VARIABLE=VALUE...)
#   the Python test FILE.py of this folder, with moto and the botocore that came with it (tools/moto.sh); skipped without.
function(smflow_moto_test name file)
  set(tests ${CMAKE_SOURCE_DIR}/tests)
  add_test(NAME ${name} COMMAND /usr/bin/python3 -m unittest -v ${file} WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
  set_tests_properties(
    ${name}
    PROPERTIES LABELS integration TIMEOUT 900 SKIP_REGULAR_EXPRESSION "moto is not in" ENVIRONMENT
               "SMFLOW_MOTO=${SMFLOW_MOTO};PYTHONPATH=${SMFLOW_MOTO}:${tests}/support:${tests}/e2e;PYTHONDONTWRITEBYTECODE=1;${ARGN}")
endfunction()

# smflow_fuzzer(NAME SOURCES ... DEPENDS ...): a libFuzzer program with the preset "fuzz"; with the others one that takes
# the inputs in the folders of its command line, each once.
function(smflow_fuzzer name)
  cmake_parse_arguments(arg "" "" "SOURCES;DEPENDS" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE ${arg_DEPENDS} smflow_settings smflow_warnings)
  if(SMFLOW_BUILD_FUZZERS)
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
  else()
    target_sources(${name} PRIVATE ${CMAKE_SOURCE_DIR}/tests/support/fuzz_main.cpp)
    target_link_libraries(${name} PRIVATE smflow::base smflow_test_settings)
  endif()
endfunction()
