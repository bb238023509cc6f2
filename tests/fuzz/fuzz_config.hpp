#pragma once

#include <smflow/config/config.hpp>
#include <smflow/plan/sagemaker_default_config.hpp>

namespace smflow::fuzz {

inline config::Config sample_config() {
  return config::Config(config::schema_of<plan::SagemakerConfig>());
}

}  // namespace smflow::fuzz
