#pragma once

#include <cstdlib>
#include <iostream>

#include <smflow/config/config.hpp>
#include <smflow/plan/sagemaker_default_config.hpp>

namespace smflow::fuzz {

// Ends the fuzzer when something that always holds does not.
inline void require(bool holds, const char* what) {
  if (holds) return;
  std::cerr << "broken: " << what << "\n";
  std::abort();
}

inline config::Config sample_config() {
  return config::Config(config::schema_of<plan::SagemakerConfig>());
}

}  // namespace smflow::fuzz
