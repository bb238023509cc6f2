# Gloo, which several hosts train together by, as SMFLOW_GLOO_FOUND, SMFLOW_GLOO_LIBRARY and SMFLOW_GLOO_DEFINITIONS.
#
# A PyTorch of Python's has Gloo inside, but not its headers. Of these c10d needs little more than names
# of types, so those of the distribution will do where c10d compiles with them.
set(SMFLOW_GLOO_FOUND OFF)
set(SMFLOW_GLOO_LIBRARY)
set(SMFLOW_GLOO_DEFINITIONS)
find_path(gloo_headers gloo/algorithm.h)
find_library(gloo_library gloo)
if(NOT gloo_headers OR NOT gloo_library)
  return()
endif()
if(NOT SMFLOW_TORCH_ROOT)
  set(SMFLOW_GLOO_LIBRARY ${gloo_library})
  set(SMFLOW_GLOO_FOUND ON)
  return()
endif()

set(SMFLOW_GLOO_DEFINITIONS USE_C10D_GLOO USE_DISTRIBUTED)
smflow_torch_compiles(
  SMFLOW_GLOO_COMPILES
  "#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
   #include <torch/csrc/distributed/c10d/TCPStore.hpp>
   int main() {
     const auto store = c10::make_intrusive<c10d::TCPStore>(\"localhost\", c10d::TCPStoreOptions());
     const auto options = c10d::ProcessGroupGloo::Options::create();
     options->devices.push_back(c10d::ProcessGroupGloo::createDeviceForHostname(\"localhost\"));
     c10::make_intrusive<c10d::ProcessGroupGloo>(store, 0, 1, options);
   }"
  DEFINITIONS ${SMFLOW_GLOO_DEFINITIONS})
set(SMFLOW_GLOO_FOUND ${SMFLOW_GLOO_COMPILES})
