#include "program.hpp"

#include "arguments.hpp"
#include "job.hpp"
#include "train.hpp"

#include <csignal>
#include <cstdio>
#include <cstdlib>

#include <fmt/format.h>

#include <smflow/base/clock.hpp>
#include <smflow/config/documents.hpp>
#include <smflow/training/device.hpp>
#include <smflow/training/environment.hpp>
#include <smflow/training/load_time_settings.hpp>
#include <smflow/training/processor.hpp>
#include <smflow/training/stop_request.hpp>

namespace smflow::gan {

namespace {

void print(const Error& error, const char* kind) {
  if (error.where) fmt::print(stderr, "{}:{}:{}: ", error.where->file, error.where->line, error.where->column);
  fmt::print(stderr, "{}: {} [{}]\n", kind, error.message, error.code);
  if (!error.excerpt.empty()) fmt::print(stderr, "{}\n", error.excerpt);
  if (!error.fix.empty()) fmt::print(stderr, "  {}\n", error.fix);
}

int failure(const Error& error) {
  print(error, "error");
  return static_cast<int>(error.exit);
}

int failure(const std::vector<Error>& errors) {
  for (const Error& error : errors) print(error, "error");
  return static_cast<int>(errors.front().exit);
}

int print_text(const std::string& text) {
  return std::fputs(text.c_str(), stdout) < 0 || std::fflush(stdout) != 0 ? 1 : 0;
}

int train_job(const Arguments& arguments) {
  training::restart_with_load_time_settings();
  const training::StopRequest stop;
  const auto environment = training::read_environment();
  if (!environment) return failure(environment.error());
  const auto job = make_job(arguments, *environment);
  if (!job) return failure(job.error());
  for (const Error& warning : job->warnings) print(warning, "warning");
  const training::DeviceChoice choice = training::choose_device(job->config.training.num_gpu);
  auto peers = training::Peers::meet(*environment, choice.device);
  if (!peers) return failure(peers.error());
  const SystemClock clock;
  const auto outcome = train(*job, choice, *std::move(peers), stop, clock);
  if (!outcome) {
    // 10 to 14 are the launcher's words for jobs; a program that fails says 1.
    print(outcome.error(), "error");
    return outcome.error().exit == ExitCode::configuration ? static_cast<int>(ExitCode::configuration) : 1;
  }
  if (*outcome == Outcome::complete) return 0;
  fmt::print(stderr, "stopped by signal {}; the next start continues from here\n", stop.signal());
  return 128 + stop.signal();
}

}  // namespace

int run_program(const std::vector<std::string>& words) {
  const auto arguments = parse_arguments(words);
  if (!arguments) return failure(arguments.error());
  switch (arguments->action) {
    case Arguments::Action::help:
      return print_text(usage_text);
    case Arguments::Action::print_schema:
      return print_text(config::to_json_schema(*config::schema_of<TrainingConfig>()));
    case Arguments::Action::print_template:
      return print_text(config::template_yaml(*config::schema_of<TrainingConfig>(), "training_config.schema.json"));
    case Arguments::Action::train:
      break;
  }
  return train_job(*arguments);
}

}  // namespace smflow::gan
