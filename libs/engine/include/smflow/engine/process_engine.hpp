#pragma once

#include <filesystem>

#include <smflow/engine/local_engine.hpp>

namespace smflow::engine {

struct ProcessEngineOptions {
  std::filesystem::path entrypoint;  // the program `train`, run as the container's first process
  const Clock* clock;                // lives longer than the engine; status times only
  StoreOpener open_store = storage::open_store;
  StoreOpener open_input = {};                           // for the channels; none: open_store
  EnvironmentLookup environment = environment_variable;  // the caller's
  std::chrono::milliseconds checkpoint_interval{30'000};
  CredentialSource credentials = {};
};

// Runs the hosts of a job as processes of this machine, in a sandbox where /opt/ml is really /opt/ml. When the engine
// goes, also by kill -9, every process of its jobs is gone within a second. A program that runs jobs calls
// run_if_sandbox() first thing in main.
//
// submit() also fails with E100 (the entrypoint), E103 (the code folder), and E109 when this machine refuses.
class ProcessEngine : public LocalEngine {
 public:
  explicit ProcessEngine(ProcessEngineOptions options);
};

}  // namespace smflow::engine
