#include "interrupts.hpp"
#include "local_service.hpp"
#include "run_flows.hpp"
#include "s3_access.hpp"
#include "session.hpp"

#include <atomic>
#include <filesystem>
#include <thread>

#include <CLI/CLI.hpp>
#include <sys/resource.h>

#include <smflow/base/files.hpp>
#include <smflow/base/json.hpp>
#include <smflow/emulator/emulator.hpp>
#include <smflow/engine/sandbox_main.hpp>
#include <smflow/plan/job_configs.hpp>
#include <smflow/plan/job_plan.hpp>

namespace smflow::cli {

namespace {

namespace fs = std::filesystem;

struct EmulatorArguments {
  int port = 4599;
  std::string engine = "process";
  std::string code;
  std::string s3_root;
  std::string aws_endpoint;
  std::size_t most_running = 8;
  int stop_grace = 120;
};

// Who has an S3 behind --aws-endpoint means it for the jobs too.
bool jobs_use_s3(const EmulatorArguments& arguments) {
  return !arguments.aws_endpoint.empty() && arguments.s3_root.empty();
}

fs::path s3_root(const EmulatorArguments& arguments) {
  if (jobs_use_s3(arguments)) return {};
  return arguments.s3_root.empty() ? user_cache_directory() / "emulator/s3" : fs::absolute(arguments.s3_root);
}

// Nothing: what the image of a job has.
fs::path code_folder(const EmulatorArguments& arguments) {
  if (!arguments.code.empty()) return fs::absolute(arguments.code);
  return arguments.engine == "container" ? fs::path() : plan::built_code_folder(program_directory());
}

emulator::EmulatorOptions emulator_options(const EmulatorArguments& arguments) {
  return {.port = arguments.port,
          .s3_root = s3_root(arguments),
          .code = code_folder(arguments),
          .work_directory = plan::default_work_directory(),
          .aws_endpoint = arguments.aws_endpoint,
          .most_running = arguments.most_running,
          .stop_grace = std::chrono::seconds(arguments.stop_grace)};
}

// The HTTP library waits with select(), which knows no file descriptor above 1023.
void limit_open_files() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur <= FD_SETSIZE) return;
  limit.rlim_cur = FD_SETSIZE;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

void print_how_to_use(const Session& session, Screen& screen, const emulator::EmulatorOptions& options, int port) {
  const std::string url = "http://127.0.0.1:" + std::to_string(port);
  if (session.json) {
    const OrderedJson line{{"endpoint", url}, {"s3_root", options.s3_root}, {"code", options.code}};
    std::fprintf(session.out, "%s\n", line.dump(-1, ' ', false, OrderedJson::error_handler_t::replace).c_str());
  } else {
    std::fprintf(session.out, "export AWS_ENDPOINT_URL=%s\n", url.c_str());
  }
  std::fflush(session.out);
  screen.line("SageMaker training API on " + url + "; any AWS credentials will do, none are checked");
  screen.line("s3://BUCKET/KEY is " +
              (options.s3_root.empty() ? "at " + options.aws_endpoint : (options.s3_root / "BUCKET/KEY").string()));
  screen.line(options.code.empty() ? "every job runs in a container of its image"
                                   : "every job runs the program in " + options.code.string());
}

int run_emulator(Session& session, const EmulatorArguments& arguments) {
  Screen screen = session.screen();
  engine::become_sudo_user();
  limit_open_files();
  const SystemClock clock;
  AwsAccess access(AwsOptions{});
  const ServiceStores stores{.open_store = jobs_use_s3(arguments) ? store_opener(access, arguments.aws_endpoint)
                                                                  : engine::StoreOpener(storage::open_store)};
  const auto service = arguments.engine == "container"
                           ? container_service(value_or_throw(find_container_engine()), clock, screen, stores, access)
                           : process_service(clock, stores);
  const emulator::EmulatorOptions options = emulator_options(arguments);
  // Outlives the signals that stop it.
  std::unique_ptr<emulator::Emulator> emulator;
  std::atomic<bool> ready = false;
  Interrupts interrupts([&](int, int count) {
    while (!ready) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    if (!emulator) return;
    screen.line(count == 1 ? "stopping the jobs; Ctrl-C again to kill them" : "killing the jobs");
    emulator->stop();
  });
  auto made = emulator::Emulator::start(options, *service, clock);
  if (made) emulator = *std::move(made);
  ready = true;
  if (!emulator) throw CommandFailure(std::move(made).error());
  print_how_to_use(session, screen, options, emulator->port());
  emulator->serve();
  return 0;
}

}  // namespace

void add_emulator(CLI::App& app, Session& session) {
  auto arguments = std::make_shared<EmulatorArguments>();
  CLI::App* command = app.add_subcommand(
      "emulator",
      help_text(std::string(emulator_summary) +
                    "\nSignatures are not verified: whoever reaches the port may start jobs, with your program only.",
                {"smflow emulator --code sagemaker_container",
                 "smflow emulator --engine container                # jobs run in their images",
                 "smflow emulator --port 0 --json                   # any free port; its address as JSON",
                 "smflow emulator --aws-endpoint http://127.0.0.1:5000   # S3, IAM, ECR go there, of the jobs too",
                 "export AWS_ENDPOINT_URL=http://127.0.0.1:4599 AWS_ACCESS_KEY_ID=x AWS_SECRET_ACCESS_KEY=x",
                 "aws sagemaker list-training-jobs --endpoint-url http://127.0.0.1:4599"}));
  command->add_option("--port", arguments->port, "The port; 0 for any free one")
      ->check(CLI::Range(0, 65535))
      ->capture_default_str();
  command
      ->add_option("--engine", arguments->engine,
                   "What runs the jobs: process, the program in --code, or container, each job's own image")
      ->check(CLI::IsMember({"process", "container"}))
      ->capture_default_str();
  command->add_option("--code", arguments->code, "Stands as /opt/ml/code in every job; by default the built program")
      ->type_name("DIR");
  command
      ->add_option("--s3-root", arguments->s3_root,
                   "Holds the buckets of the jobs as folders, also with --aws-endpoint")
      ->type_name("DIR");
  command->add_option("--aws-endpoint", arguments->aws_endpoint, "Takes the calls that are not for training or logs")
      ->type_name("URL");
  command->add_option("--max-jobs", arguments->most_running, "Jobs that run at a time")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  command->add_option("--stop-grace", arguments->stop_grace, "Seconds between SIGTERM and SIGKILL")
      ->check(CLI::Range(0, 3600))
      ->capture_default_str();
  add_json_option(*command, session);
  command->callback(
      [&session, arguments] { session.action = [&session, arguments] { return run_emulator(session, *arguments); }; });
}

}  // namespace smflow::cli
