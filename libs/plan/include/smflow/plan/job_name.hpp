#pragma once

#include <string>
#include <string_view>

#include <smflow/base/clock.hpp>
#include <smflow/base/random.hpp>

namespace smflow::plan {

// TrainingJobName: 1 to 63 letters, digits and single or repeated dashes, begun and ended by a letter or digit (API
// CreateTrainingJob: [a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}).
inline constexpr std::size_t job_name_limit = 63;
// What is left for the name a person chose, before "-YYYYMMDD-HHMMSS-xxxxx".
inline constexpr std::size_t job_name_base_limit = 41;

bool is_legal_job_name(std::string_view name);

// "gan_training" becomes "gan-training-20261123-130245-7f3a2": legal, readable, sorted by time, and free in practice.
std::string make_job_name(std::string_view base, WallTime now, RandomSource& random);

}  // namespace smflow::plan
