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
if(SMFLOW_DEVELOPER_MODE)
  target_compile_options(smflow_warnings INTERFACE -Werror)
endif()
