#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>

#include <smflow/base/clock.hpp>
#include <smflow/base/error.hpp>
#include <smflow/plan/training_service.hpp>

namespace smflow::emulator {

struct EmulatorOptions {
  int port = 0;                          // 0: any free one
  std::filesystem::path s3_root;         // s3://bucket/key is <s3_root>/bucket/key; absolute; made when missing. Empty:
                                         // the service opens buckets itself
  std::filesystem::path code;            // stands as /opt/ml/code in every job; absolute; empty: the image's own
  std::filesystem::path work_directory;  // of the running jobs; absolute
  std::string aws_endpoint = {};         // "http://host:port": takes the calls that are not for us; empty: none
  std::size_t most_running = 8;          // jobs at a time
  std::chrono::seconds stop_grace{120};  // between SIGTERM and SIGKILL
};

// The SageMaker training API and the reading part of CloudWatch Logs on 127.0.0.1, over a TrainingService that runs the
// jobs. Any AWS client drives it; signatures are not verified. Jobs and logs live in memory, as long as the emulator:
// 10,000 jobs, 32 MiB of log a host, 256 MiB in all.
class Emulator {
 public:
  // Takes the port. E190 when it cannot be had, E191 for a wrong endpoint, E193 when a folder cannot be used. `service`
  // and `clock` live longer.
  static Result<std::unique_ptr<Emulator>> start(const EmulatorOptions& options, plan::TrainingService& service,
                                                 const Clock& clock);
  // Jobs that still run are stopped, and waited for.
  virtual ~Emulator() = default;

  virtual int port() const = 0;
  // Answers calls until stop(); then waits for the ends of the jobs, whose states can no longer be asked for.
  virtual void serve() = 0;
  // Takes no more calls and stops the jobs gracefully; a second call kills them. From any thread.
  virtual void stop() = 0;
};

}  // namespace smflow::emulator
