#include "http_server.hpp"
#include "router.hpp"

#include <smflow/emulator/emulator.hpp>

namespace smflow::emulator {

namespace fs = std::filesystem;

namespace {

class RunningEmulator : public Emulator {
 public:
  RunningEmulator(const EmulatorOptions& options, plan::TrainingService& service, const Clock& clock, Handler forward)
      : logs_(clock),
        jobs_(service, logs_, clock, {.running = options.most_running}),
        training_(jobs_, {.s3_root = options.s3_root,
                          .code = options.code,
                          .work_directory = options.work_directory,
                          .stop_grace = options.stop_grace}),
        logs_api_(logs_),
        router_(training_, logs_api_, std::move(forward)) {}

  Result<void> bind(int port) {
    auto server = HttpServer::bind(port, [this](const HttpRequest& request) { return router_.answer(request); });
    if (!server) return tl::unexpected(std::move(server).error());
    server_ = *std::move(server);
    return {};
  }

  int port() const override { return server_->port(); }
  void serve() override {
    server_->serve();
    jobs_.wait_all();
  }
  void stop() override {
    server_->stop();
    jobs_.stop_all();
  }

 private:
  LogStore logs_;
  JobTable jobs_;
  TrainingApi training_;
  LogsApi logs_api_;
  Router router_;
  std::unique_ptr<HttpServer> server_;
};

Result<void> need_folder(const fs::path& folder, bool make) {
  std::error_code failed;
  if (make) fs::create_directories(folder, failed);
  if (!failed && fs::is_directory(folder, failed)) return {};
  return tl::unexpected(
      Error{.code = "E193",
            .exit = ExitCode::configuration,
            .message = "'" + folder.string() + "' is not a folder that can be used",
            .fix = make ? "choose another with --s3-root" : "choose the program's folder with --code"});
}

}  // namespace

Result<std::unique_ptr<Emulator>> Emulator::start(const EmulatorOptions& options, plan::TrainingService& service,
                                                  const Clock& clock) {
  if (!options.code.empty()) {
    if (auto there = need_folder(options.code, false); !there) return tl::unexpected(there.error());
  }
  if (!options.s3_root.empty()) {
    if (auto there = need_folder(options.s3_root, true); !there) return tl::unexpected(there.error());
  }
  Handler forward;
  if (!options.aws_endpoint.empty()) {
    auto made = make_forwarder(options.aws_endpoint);
    if (!made) return tl::unexpected(made.error());
    forward = *std::move(made);
  }
  auto emulator = std::make_unique<RunningEmulator>(options, service, clock, std::move(forward));
  if (auto bound = emulator->bind(options.port); !bound) return tl::unexpected(bound.error());
  return emulator;
}

}  // namespace smflow::emulator
