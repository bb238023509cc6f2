#include "outputs.hpp"

#include <array>

#include <fmt/format.h>

#include <smflow/base/files.hpp>
#include <smflow/training/image_grid.hpp>

namespace smflow::gan {

namespace {

constexpr int sample_columns = 8;

OrderedJson network_description(const NetOptions& options) {
  return {{"image_size", options.image_size},
          {"channels", options.channels},
          {"latent_size", options.latent_size},
          {"feature_size", options.feature_size}};
}

}  // namespace

Result<Outputs> Outputs::open(const Job& job, const training::Position& start, const Clock& clock) {
  auto metrics = training::MetricsFile::open(job.metrics_file, clock, start.step > 0 ? start.step : -1);
  if (!metrics) return tl::unexpected(metrics.error());
  auto charts = training::EventFile::create(job.output_data / "tensorboard", job.host, clock);
  if (!charts) return tl::unexpected(charts.error());
  if (auto done = charts->restart(start.step); !done) return tl::unexpected(done.error());
  if (start.step > 0) {
    if (auto done = metrics->event(start.step, "resume"); !done) return tl::unexpected(done.error());
  }
  return Outputs(job, *std::move(metrics), *std::move(charts));
}

Result<void> Outputs::progress(const training::Position& position, const StepResult& result, double images_per_second) {
  const std::array<training::NamedValue, 6> values = {{{"discriminator/loss", result.loss_d},
                                                       {"generator/loss", result.loss_g},
                                                       {"d/real", result.d_x},
                                                       {"d/fake_before", result.d_g_z_before},
                                                       {"d/fake_after", result.d_g_z_after},
                                                       {"speed/images_per_second", images_per_second}}};
  for (const training::NamedValue& value : values) {
    if (auto done = charts_.scalar(position.step, value.name, static_cast<float>(value.value)); !done) return done;
  }
  return metrics_.scalars(position.step, position.epoch, values);
}

Result<void> Outputs::checkpoint(const training::Position& position, const std::filesystem::path& file) {
  return metrics_.event(position.step, "checkpoint", file.filename().string());
}

Result<void> Outputs::sample(const training::Position& position, const at::Tensor& images) {
  const auto grid = training::image_grid(images, sample_columns);
  if (!grid) return tl::unexpected(grid.error());
  const std::string name = fmt::format("samples/epoch-{:04}.png", position.epoch);
  if (auto done = write_file(job_->output_data / name, grid->bytes); !done) return done;
  if (auto done = charts_.image(position.step, "samples", *grid); !done) return done;
  return metrics_.event(position.step, "sample", name);
}

Result<void> Outputs::model(const training::Position& position, const Gan& gan) {
  std::error_code shown_by_write;
  std::filesystem::create_directories(job_->model, shown_by_write);
  const training::Metadata metadata = {
      {"format", "pt"}, {"step", std::to_string(position.step)}, {"epoch", std::to_string(position.epoch)}};
  if (auto done = training::write_weights(job_->model, "generator", gan.generator(), metadata); !done) return done;
  if (auto done = training::write_weights(job_->model, "discriminator", gan.discriminator(), metadata); !done)
    return done;
  const OrderedJson description = {{"format", "smflow.model/1"},
                                   {"network", "dcgan"},
                                   {"generator", network_description(gan.generator_options())},
                                   {"discriminator", network_description(gan.discriminator_options())},
                                   {"step", position.step},
                                   {"epoch", position.epoch}};
  return write_file(job_->model / "model.json", description.dump(2) + "\n");
}

}  // namespace smflow::gan
