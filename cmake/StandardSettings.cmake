# Language level, optimisation and sanitizers as an interface target that only our own targets link.
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 11)
  message(FATAL_ERROR "smflow needs GCC 11 or newer, found ${CMAKE_CXX_COMPILER_VERSION}; see CONTRIBUTING.md")
endif()

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)

find_program(SMFLOW_CCACHE ccache)
if(SMFLOW_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      ${SMFLOW_CCACHE})
endif()

add_library(smflow_settings INTERFACE)
target_compile_features(smflow_settings INTERFACE cxx_std_20)
if(SMFLOW_SANITIZE STREQUAL "address")
  # GCC 12 takes what the sanitizer adds to std::regex for a use of uninitialized memory.
  target_compile_options(smflow_settings INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
                                                   -Wno-maybe-uninitialized)
  target_link_options(smflow_settings INTERFACE -fsanitize=address,undefined)
elseif(SMFLOW_SANITIZE STREQUAL "thread")
  target_compile_options(smflow_settings INTERFACE -fsanitize=thread)
  target_link_options(smflow_settings INTERFACE -fsanitize=thread)
elseif(SMFLOW_SANITIZE)
  message(FATAL_ERROR "SMFLOW_SANITIZE is '${SMFLOW_SANITIZE}'; write address, thread, or nothing")
endif()
if(SMFLOW_BUILD_FUZZERS)
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    message(FATAL_ERROR "the fuzzers need clang; use: cmake --preset fuzz")
  endif()
  target_compile_options(smflow_settings INTERFACE -fsanitize=fuzzer-no-link,address,undefined)
  target_link_options(smflow_settings INTERFACE -fsanitize=address,undefined)
endif()
