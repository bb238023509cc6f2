#include "interrupts.hpp"
#include "report.hpp"
#include "results_access.hpp"
#include "session.hpp"

#include <atomic>
#include <filesystem>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <smflow/base/files.hpp>
#include <smflow/base/random.hpp>
#include <smflow/base/text.hpp>
#include <smflow/board/gather.hpp>
#include <smflow/board/render.hpp>
#ifdef SMFLOW_WITH_EMULATOR
#include <smflow/board/server.hpp>
#endif
#include <smflow/plan/job_plan.hpp>

namespace smflow::cli {

namespace {

namespace fs = std::filesystem;

struct BoardArguments {
  PlaceOptions place;
  std::string experiment;
  std::string output = "board.html";
  std::size_t details = 100;
  bool publish = false;
  bool serve = false;
  int port = 0;
  bool dry_run = false;
};

board::GatherOptions gather_options(const BoardArguments& arguments, Screen& screen) {
  return {
      .experiment = arguments.experiment,
      .detailed = arguments.details,
      .cache = index_cache_folder(),
      .running = plan::default_work_directory(),
      .version = SMFLOW_VERSION,
      .progress = [&screen](std::size_t done, std::size_t total) {
        screen.live(fmt::format("reading runs ▕{}▏ {} of {}",
                                progress_bar(static_cast<double>(done), static_cast<double>(total), 30), done, total));
      }};
}

board::Board gathered(board::Gatherer& gatherer, const Clock& clock, Screen& screen) {
  board::Board board = value_or_throw(gatherer.gather(clock.now()));
  screen.clear_live();
  for (const Error& error : gatherer.left_out()) screen.line(render_warning(error, screen));
  return board;
}

Error no_runs(const board::Board& board, const std::string& experiment) {
  return {.code = "E343",
          .exit = ExitCode::not_found,
          .message = "there are no runs in '" + board.source + (experiment.empty() ? "" : "/" + experiment) + "'",
          .fix = experiment.empty() ? "smflow run --config FILE" : "leave out --experiment to see those of all"};
}

std::size_t write_page(const board::Board& board, const fs::path& file) {
  if (file.has_parent_path()) fs::create_directories(file.parent_path());
  AtomicFile page = value_or_throw(AtomicFile::create(file));
  std::size_t size = 0;
  value_or_throw(board::render(board, {}, [&](std::string_view piece) {
    size += piece.size();
    return page.write(piece);
  }));
  value_or_throw(page.commit());
  return size;
}

void print_result(const Session& session, const std::string& where, const board::Board& board, std::size_t size) {
  if (session.json) {
    const OrderedJson result{
        {"schema", "smflow.board/1"}, {"board", where}, {"runs", board.runs.size()}, {"bytes", size}};
    fmt::print(session.out, "{}\n", result.dump(-1, ' ', false, OrderedJson::error_handler_t::replace));
  } else {
    fmt::print(session.out, "{}\n", where);
  }
}

void publish(storage::Store& bucket, const std::string& experiment, const fs::path& page, std::string& where) {
  const std::string key = experiment.empty() ? "board.html" : experiment + "/board.html";
  value_or_throw(bucket.put_file(key, page, false));
  where = bucket.uri(key);
}

int make_board(Session& session, const BoardArguments& arguments, storage::Store& bucket) {
  Screen screen = session.screen();
  const SystemClock clock;
  board::Gatherer gatherer(bucket, gather_options(arguments, screen));
  const board::Board board = gathered(gatherer, clock, screen);
  if (board.runs.empty()) throw CommandFailure(no_runs(board, arguments.experiment));
  if (!board::has_charts()) screen.line("curves are plain lines: smflow was built without uPlot (docs/guide/board.md)");
  std::string where = fs::absolute(arguments.output);
  if (arguments.dry_run) {
    screen.line(fmt::format("{}; dry run: nothing was written", counted(board.runs.size(), "run")));
    return 0;
  }
  const auto scratch = value_or_throw(TemporaryDirectory::create(fs::temp_directory_path(), "smflow-board-"));
  const fs::path file = arguments.publish ? scratch.path() / "board.html" : fs::path(arguments.output);
  const std::size_t size = write_page(board, file);
  if (arguments.publish) publish(bucket, arguments.experiment, file, where);
  screen.line(fmt::format("{}, {}", counted(board.runs.size(), "run"), format_bytes(static_cast<double>(size))));
  print_result(session, where, board, size);
  return 0;
}

#ifdef SMFLOW_WITH_EMULATOR
int serve_board(Session& session, const BoardArguments& arguments, storage::Store& bucket) {
  constexpr int token_length = 32;
  Screen screen = session.screen();
  const SystemClock clock;
  SystemRandom random;
  board::GatherOptions options = gather_options(arguments, screen);
  options.progress = {};
  board::Gatherer gatherer(bucket, std::move(options));
  // Outlives the signals that stop it.
  std::unique_ptr<board::Server> server;
  std::atomic<bool> ready = false;
  Interrupts interrupts([&](int, int) {
    while (!ready) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    if (server) server->stop();
  });
  auto made = board::Server::start({.port = arguments.port,
                                    .token = random_suffix(random, token_length),
                                    .board = [&] { return gatherer.gather(clock.now()); },
                                    .clock = &clock});
  if (made) server = *std::move(made);
  ready = true;
  if (!server) throw CommandFailure(std::move(made).error());
  if (session.json) {
    fmt::print(session.out, "{}\n", OrderedJson{{"schema", "smflow.board/1"}, {"url", server->url()}}.dump());
  } else {
    fmt::print(session.out, "{}\n", server->url());
  }
  std::fflush(session.out);
  screen.line("the board of " + bucket.uri() + ", live on this machine only; Ctrl-C ends it");
  server->serve();
  return 128 + interrupts.first_signal();
}
#else
int serve_board(Session&, const BoardArguments&, storage::Store&) {
  throw CommandFailure(Error{.code = "E344",
                             .exit = ExitCode::machine,
                             .message = "this smflow was built without cpp-httplib, which --serve needs",
                             .fix = "install libcpp-httplib-dev and build again"});
}
#endif

int run_board(Session& session, const BoardArguments& arguments) {
  return with_results(session, arguments.place, [&](Results& results) {
    // What jobs on SageMaker have come to while nobody followed them.
    if (!storage::is_file_uri(results.uri())) results.index();
    return arguments.serve ? serve_board(session, arguments, results.bucket())
                           : make_board(session, arguments, results.bucket());
  });
}

}  // namespace

void add_board(CLI::App& app, Session& session) {
  auto arguments = std::make_shared<BoardArguments>();
  CLI::App* command = app.add_subcommand(
      "board",
      help_text(board_summary, {"smflow board --config configs/sagemaker_config.yaml     # writes board.html",
                                "smflow board --bucket s3://results --experiment team/gan -o gan.html",
                                "smflow board --config FILE --serve                      # live, while jobs run",
                                "smflow board --bucket s3://results --publish            # beside the runs"}));
  add_place_options(*command, arguments->place);
  command->add_option("--experiment", arguments->experiment, "The runs below this name only, like team/gan")
      ->type_name("NAME");
  CLI::Option* output =
      command->add_option("-o,--output", arguments->output, "The file to write; replaced when it is there")
          ->type_name("FILE")
          ->capture_default_str();
  command->add_option("--details", arguments->details, "How many of the newest runs get curves, pictures and log")
      ->check(CLI::Range(0, 100'000))
      ->capture_default_str();
  CLI::Option* publish =
      command->add_flag("--publish", arguments->publish, "Write it into the bucket, as board.html")->excludes(output);
  CLI::Option* serve = command
                           ->add_flag("--serve", arguments->serve,
                                      "Serve it on 127.0.0.1, with a secret address, and keep it up to date")
                           ->excludes(output)
                           ->excludes(publish);
  command->add_option("--port", arguments->port, "Of --serve; 0 for any free one")
      ->check(CLI::Range(0, 65535))
      ->needs(serve)
      ->capture_default_str();
  command->add_flag("-n,--dry-run", arguments->dry_run, "Read the runs, write nothing")->excludes(serve);
  add_json_option(*command, session);
  command->callback(
      [&session, arguments] { session.action = [&session, arguments] { return run_board(session, *arguments); }; });
}

}  // namespace smflow::cli
