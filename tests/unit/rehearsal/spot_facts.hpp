#pragma once

#include "told_steps.hpp"

#include <smflow/rehearsal/verdict.hpp>

namespace smflow::rehearsal {

inline plan::JobDescription job_that(plan::JobStatus status, std::chrono::milliseconds trained) {
  const WallTime begin{std::chrono::seconds(1'700'000'000)};
  plan::JobDescription job;
  job.status = status;
  job.secondary_status = plan::to_string(status);
  job.training_start_time = begin;
  job.training_end_time = begin + trained;
  job.hosts = {{"algo-1", 0}};
  return job;
}

inline StartFacts completed(const std::string& lines) {
  return {.job = job_that(plan::JobStatus::Completed, std::chrono::seconds(60)), .trace = read_trace(lines)};
}

// Interrupted after 20 s, and gone `stopping` later.
inline StartFacts interrupted(const std::string& lines, int exit_code = 143,
                              std::chrono::milliseconds stopping = std::chrono::milliseconds(200)) {
  using std::chrono::seconds;
  StartFacts start{.job = job_that(plan::JobStatus::Stopped, seconds(20) + stopping),
                   .interrupted = true,
                   .trace = read_trace(lines),
                   .checkpoint_files = 1};
  start.job.transitions.push_back(
      {"Stopping", *start.job.training_start_time + seconds(20), *start.job.training_end_time, ""});
  start.job.hosts = {{"algo-1", exit_code}};
  return start;
}

// Of a job with 20 steps.
inline SpotFacts facts_of(std::vector<StartFacts> starts, std::string reference = told_steps(1, 20)) {
  return {.job_name = "demo",
          .after = std::chrono::seconds(20),
          .times = static_cast<int>(starts.size()) - 1,
          .grace = std::chrono::seconds(120),
          .checkpoint_folder = "/opt/ml/checkpoints",
          .reference = completed(reference),
          .starts = std::move(starts),
          .model = ModelComparison{.files = 2}};
}

}  // namespace smflow::rehearsal
