#pragma once

#include "gan_step.hpp"
#include "job.hpp"

#include <cstdint>
#include <filesystem>

#include <torch/types.h>

#include <smflow/base/clock.hpp>
#include <smflow/training/checkpoint.hpp>
#include <smflow/training/metrics.hpp>
#include <smflow/training/tensorboard.hpp>

namespace smflow::gan {

// What a training leaves behind: metrics, charts, sample pictures, weights. Nothing here decides anything; a failed
// write is a failed training, since its results would be incomplete.
class Outputs {
 public:
  // `start` is where the training begins or continues: what was recorded after it by an interrupted run is replaced.
  static Result<Outputs> open(const Job& job, const training::Position& start, const Clock& clock);

  Result<void> progress(const training::Position& position, const StepResult& result, double images_per_second);
  Result<void> checkpoint(const training::Position& position, const std::filesystem::path& file);
  Result<void> sample(const training::Position& position, const at::Tensor& images);
  // Weights of both networks and model.json, which says how they were made.
  Result<void> model(const training::Position& position, const Gan& gan);
  Result<void> flush() { return charts_.flush(); }

 private:
  Outputs(const Job& job, training::MetricsFile metrics, training::EventFile charts)
      : job_(&job), metrics_(std::move(metrics)), charts_(std::move(charts)) {}

  const Job* job_;
  training::MetricsFile metrics_;
  training::EventFile charts_;
};

}  // namespace smflow::gan
