# Warnings are an interface target linked by our own targets only; third-party headers are system headers.
add_library(smflow_warnings INTERFACE)
target_compile_options(
  smflow_warnings
  INTERFACE -Wall
            -Wextra
            -Wpedantic
            -Wshadow
            -Wnon-virtual-dtor
            -Woverloaded-virtual
            -Wcast-qual
            -Wformat=2
            -Wimplicit-fallthrough
            -Wextra-semi
            -Wundef)
# GCC 12 sees overlapping copies at -O3 in every "text" + std::string (its bug 105651).
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(smflow_warnings INTERFACE $<$<CONFIG:Release>:-Wno-restrict>)
endif()
if(SMFLOW_DEVELOPER_MODE)
  target_compile_options(smflow_warnings INTERFACE -Werror)
endif()
