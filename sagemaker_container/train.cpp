#include "train.hpp"

#include "dataloader.hpp"
#include "gan_step.hpp"
#include "outputs.hpp"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <optional>

#include <fmt/format.h>

#include <smflow/base/files.hpp>
#include <smflow/base/sha256.hpp>
#include <smflow/training/checkpoint.hpp>
#include <smflow/training/loss_guard.hpp>
#include <smflow/training/processor.hpp>
#include <smflow/training/random_state.hpp>

namespace smflow::gan {

namespace {

constexpr int sample_count = 64;
// Binary cross entropy ends at 100 for one answer: nothing but that is lost for good.
constexpr double loss_ceiling = 90;
constexpr int loss_patience = 100;

template <class Value>
Result<void> error_of(const Result<Value>& result) {
  return tl::unexpected(result.error());
}

void note(const std::string& text) {
  fmt::print(stderr, "{}\n", text);
}

void log_line(const std::string& text) {
  fmt::print("{}\n", text);
  std::fflush(stdout);
}

NetOptions generator_options(const TrainingConfig& config, training::Precision precision) {
  return {.image_size = in_pixels(config.dataloader.image_size),
          .channels = config.generator.num_channels,
          .latent_size = config.generator.latent_size,
          .feature_size = config.generator.feature_size,
          .precision = precision};
}

NetOptions discriminator_options(const TrainingConfig& config, training::Precision precision) {
  return {.image_size = in_pixels(config.dataloader.image_size),
          .channels = config.discriminator.num_channels,
          .latent_size = config.generator.latent_size,
          .feature_size = config.discriminator.feature_size,
          .precision = precision};
}

Gan make_gan(const TrainingConfig& config, at::Device device) {
  const auto precision =
      config.training.precision == NumberFormat::bf16 ? training::Precision::bfloat16 : training::Precision::float32;
  return Gan(generator_options(config, precision), discriminator_options(config, precision),
             {.learning_rate = config.training.learning_rate, .beta_1 = config.training.beta_1}, device);
}

void note_precision(const TrainingConfig& config, at::Device device) {
  if (config.training.precision == NumberFormat::bf16 && device.is_cpu()) {
    note("PRECISION bf16 on a CPU: fp32 would be faster");
  }
}

// The user's own OMP_NUM_THREADS is left in force.
void prepare_processor() {
  training::keep_freed_memory();
  if (const auto warning = training::slow_blas_warning(training::loaded_blas()); !warning.empty()) note(warning);
  training::keep_blas_in_calling_thread();
  if (std::getenv("OMP_NUM_THREADS") == nullptr) at::set_num_threads(training::usable_cores());
}

std::filesystem::path cache_file(const Job& job, Dataloader::Part part) {
  if (!job.config.dataloader.cache) return {};
  const auto folder = std::filesystem::absolute(job.data).lexically_normal().string();
  std::string name = fmt::format("{} {}", folder, in_pixels(job.config.dataloader.image_size));
  if (part.of > 1) name += fmt::format(" {}/{}", part.first, part.of);
  return user_cache_directory() / "pictures" / sha256_hex(name).substr(0, 32);
}

// One training in progress.
class Trainer {
 public:
  Trainer(const Job& job, training::Peers peers, const training::StopRequest& stop, const Clock& clock,
          at::Device device, Dataloader data)
      : job_(job),
        options_(job.config.training),
        peers_(std::move(peers)),
        stop_(stop),
        clock_(clock),
        device_(device),
        data_(std::move(data)),
        gan_(make_gan(job.config, device)),
        sample_latent_(latent(sample_count)),
        checkpoints_(job.checkpoints, job.configuration) {
    if (peers_.count() < 2) return;
    gan_.average_gradients_by(
        [this](const std::vector<at::Tensor>& gradients) { value_or_throw(peers_.average(gradients)); });
  }

  Result<Outcome> run() {
    if (auto done = start(); !done) return tl::unexpected(done.error());
    while (position_.epoch < options_.num_epochs && !stopping_) {
      if (auto done = epoch(); !done) return tl::unexpected(done.error());
    }
    const bool complete = position_.epoch >= options_.num_epochs;
    if (auto done = finish(complete); !done) return tl::unexpected(done.error());
    return complete ? Outcome::complete : Outcome::stopped;
  }

 private:
  // From the CPU's generator, so that one seed gives the same numbers on every device.
  at::Tensor latent(std::int64_t count) {
    return at::randn({count, job_.config.generator.latent_size, 1, 1}).to(device_);
  }

  training::NamedTensors state() const {
    training::NamedTensors state = gan_.state();
    state.emplace_back("sample_latent", sample_latent_);
    return state;
  }

  // The leading host's start is everybody's.
  Result<void> start() {
    if (peers_.lead()) {
      if (auto done = restore(); !done) return done;
    }
    if (peers_.count() > 1) {
      if (auto done = take_leaders_start(); !done) return done;
    }
    if (peers_.lead()) {
      auto outputs = Outputs::open(job_, position_, clock_);
      if (!outputs) return error_of(outputs);
      outputs_.emplace(*std::move(outputs));
    }
    const auto batches = peers_.least(data_.batches_per_epoch());
    if (!batches) return error_of(batches);
    batches_ = *batches;
    return agree_on_stop();
  }

  Result<void> take_leaders_start() {
    for (std::int64_t* number : {&position_.step, &position_.epoch, &position_.batch}) {
      const auto shared = peers_.shared(*number);
      if (!shared) return error_of(shared);
      *number = *shared;
    }
    // Every host makes noise of its own.
    const auto seed = static_cast<std::uint64_t>(options_.seed);
    const auto place = peers_.rank() + peers_.count() * static_cast<std::uint64_t>(position_.step);
    if (!peers_.lead()) training::seed_generators(seed + 0x9e3779b97f4a7c15 * place);
    note(fmt::format("host {} of {}, gradients by {}", peers_.rank() + 1, peers_.count(), peers_.transport()));
    return peers_.share(values_of(state()));
  }

  static std::vector<at::Tensor> values_of(const training::NamedTensors& named) {
    std::vector<at::Tensor> tensors;
    for (const auto& [name, tensor] : named) tensors.push_back(tensor);
    return tensors;
  }

  // All hosts stop after the same step.
  Result<void> agree_on_stop() {
    const auto stopping = peers_.any(stop_.requested());
    if (!stopping) return error_of(stopping);
    stopping_ = *stopping;
    return {};
  }

  Result<void> finish(bool complete) {
    if (peers_.count() > 1) {
      // The statistics that batch normalisation keeps are each host's own until here.
      std::vector<at::Tensor> statistics = gan_.generator().buffers();
      const std::vector<at::Tensor> more = gan_.discriminator().buffers();
      statistics.insert(statistics.end(), more.begin(), more.end());
      if (auto done = peers_.share(statistics); !done) return done;
      note(fmt::format("weights of this host: sha256 {}", digest_of_weights()));
    }
    if (!outputs_) return {};
    if (!complete) {
      if (auto done = save(); !done) return done;
    }
    if (auto done = outputs_->model(position_, gan_); !done) return done;
    return outputs_->flush();
  }

  std::string digest_of_weights() const {
    training::NamedTensors weights = training::state_of(gan_.generator());
    const training::NamedTensors more = training::state_of(gan_.discriminator());
    weights.insert(weights.end(), more.begin(), more.end());
    std::string bytes;
    for (const auto& [name, tensor] : weights) {
      const at::Tensor dense = tensor.detach().to(at::kCPU).contiguous();
      bytes.append(static_cast<const char*>(dense.data_ptr()), dense.nbytes());
    }
    return sha256_hex(bytes);
  }

  Result<void> restore() {
    const training::NamedTensors random = training::random_states();
    training::NamedTensors tensors = state();
    tensors.insert(tensors.end(), random.begin(), random.end());
    std::vector<std::string> notes;
    const auto restored = checkpoints_.restore(tensors, notes);
    for (const std::string& text : notes) note(text);
    if (!restored) return error_of(restored);
    if (!*restored) return {};
    training::set_random_states(random);
    position_ = (*restored)->position;
    note(fmt::format("continuing from '{}': epoch {}, batch {}", (*restored)->file.string(), position_.epoch + 1,
                     position_.batch + 1));
    return {};
  }

  // On the leading host.
  Result<void> save() {
    training::NamedTensors tensors = state();
    const training::NamedTensors random = training::random_states();
    tensors.insert(tensors.end(), random.begin(), random.end());
    const auto file = checkpoints_.save(position_, tensors);
    if (!file) return error_of(file);
    return outputs_->checkpoint(position_, *file);
  }

  // Trains to the end of the epoch, or to the step during which a stop was requested.
  Result<void> epoch() {
    data_.start_epoch(position_.epoch, position_.batch);
    speed_start_ = clock_.steady_now();
    speed_images_ = 0;
    while (position_.batch < batches_ && !stopping_) {
      const auto batch = data_.next();
      if (!batch) return error_of(batch);
      if (!*batch) break;
      if (auto done = step(**batch); !done) return done;
      if (auto done = agree_on_stop(); !done) return done;
    }
    if (stopping_ && position_.batch < batches_) return {};
    ++position_.epoch;
    position_.batch = 0;
    return end_of_epoch();
  }

  // What the hosts say to each other on the way can fail.
  Result<StepResult> train_on(const at::Tensor& real) try {
    return gan_.step(real, latent(real.size(0)));
  } catch (const CommandFailure& failure) {
    return tl::unexpected(failure.errors().front());
  }

  Result<void> step(const at::Tensor& real) {
    const auto trained = train_on(real);
    if (!trained) return error_of(trained);
    const StepResult& result = *trained;
    ++position_.step;
    ++position_.batch;
    speed_images_ += real.size(0);
    const std::array<training::NamedValue, 5> values = {{{"Loss_D", result.loss_d},
                                                         {"Loss_G", result.loss_g},
                                                         {"D(x)", result.d_x},
                                                         {"D(G(z))_before", result.d_g_z_before},
                                                         {"D(G(z))_after", result.d_g_z_after}}};
    const std::string where =
        fmt::format("epoch {}, batch {} (step {})", position_.epoch + 1, position_.batch, position_.step);
    if (auto done = guard_.check(values, where); !done) return done;
    const bool wanted = position_.step % options_.log_every == 0 || position_.batch == batches_;
    if (!wanted || !outputs_) return {};
    const double speed = images_per_second();
    log_line(fmt::format(
        "{} | {:.0f} images/s",
        training::progress_line(position_.epoch + 1, options_.num_epochs, position_.batch, batches_, values), speed));
    return outputs_->progress({position_.step, position_.epoch + 1, position_.batch}, result, speed);
  }

  // Since the last call.
  double images_per_second() {
    const SteadyTime now = clock_.steady_now();
    const double seconds = std::chrono::duration<double>(now - speed_start_).count();
    const double speed = seconds > 0 ? static_cast<double>(speed_images_) / seconds : 0;
    speed_start_ = now;
    speed_images_ = 0;
    return speed;
  }

  Result<void> end_of_epoch() {
    const bool last = position_.epoch == options_.num_epochs;
    report_unreadable();
    if (!outputs_) return {};
    if (last || position_.epoch % options_.sample_every == 0) {
      if (auto done = outputs_->sample(position_, gan_.sample(sample_latent_)); !done) return done;
    }
    return last || position_.epoch % options_.checkpoint_every == 0 ? save() : Result<void>{};
  }

  void report_unreadable() {
    const auto& unreadable = data_.loader().unreadable();
    for (; reported_ < unreadable.size(); ++reported_) {
      note(fmt::format("unreadable picture '{}' {}; another one takes its place", unreadable[reported_].path,
                       unreadable[reported_].message));
    }
  }

  const Job& job_;
  const TrainingOptions& options_;
  training::Peers peers_;
  const training::StopRequest& stop_;
  const Clock& clock_;
  at::Device device_;
  Dataloader data_;
  Gan gan_;
  at::Tensor sample_latent_;
  training::CheckpointFolder checkpoints_;
  training::LossGuard guard_{loss_ceiling, loss_patience};
  training::Position position_;
  std::optional<Outputs> outputs_;  // the leading host's
  std::int64_t batches_ = 0;        // of an epoch, the same for all hosts
  bool stopping_ = false;
  SteadyTime speed_start_;
  std::int64_t speed_images_ = 0;
  std::size_t reported_ = 0;
};

}  // namespace

Result<Outcome> train(const Job& job, const training::DeviceChoice& choice, training::Peers peers,
                      const training::StopRequest& stop, const Clock& clock) {
  prepare_processor();
  if (!choice.note.empty()) note(choice.note);
  note_precision(job.config, choice.device);
  const auto seed = static_cast<std::uint64_t>(job.config.training.seed);
  training::seed_generators(seed);

  Dataloader::Part part;
  if (!job.data_is_a_part) part = {.first = peers.rank(), .of = peers.count()};
  auto data = Dataloader::create(job.data, part, job.config.dataloader, seed, cache_file(job, part), choice.device);
  if (!data) return tl::unexpected(data.error());
  note(fmt::format("{} pictures, {} batches an epoch, {} epochs", data->pictures(), data->batches_per_epoch(),
                   job.config.training.num_epochs));
  return Trainer(job, std::move(peers), stop, clock, choice.device, *std::move(data)).run();
}

}  // namespace smflow::gan
