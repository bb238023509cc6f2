#include "cli.hpp"

#include "complete.hpp"
#include "help_format.hpp"
#include "interrupts.hpp"
#include "report.hpp"
#include "run_summary.hpp"
#include "session.hpp"

#include <algorithm>
#include <csignal>
#include <map>
#include <optional>

#include <CLI/CLI.hpp>
#include <unistd.h>

#include <smflow/base/error.hpp>
#include <smflow/base/text.hpp>

namespace smflow::cli {

namespace {

constexpr const char* overview =
    "smflow: a structure and a flow for training on Amazon SageMaker.\n\n"
    "Examples:\n"
    "  smflow run --config configs/sagemaker_config.yaml              start the job the file describes\n"
    "  smflow run --config FILE --set SAGEMAKER.INSTANCE_TYPE=local   the same job on this machine\n"
    "  smflow emulator --code DIR                                     the SageMaker training API on this machine\n"
    "  smflow config check --config FILE                              every mistake in both files, at once\n"
    "  smflow config reference                                        every option there is\n"
    "  smflow check --config FILE                                     what would fail late, before anything is sent\n"
    "  smflow logs NAME --follow                                      the lines of a job on SageMaker, to its end\n"
    "  smflow pull NAME                                               its model and outputs, unpacked\n"
    "  smflow runs list                                               every run of the team, and what differs\n"
    "  smflow rehearse spot --config FILE                             whether the job survives spot interruptions\n"
    "  smflow board --config FILE                                     all runs on one page, to look at and compare\n"
    "  smflow doctor                                                  how this machine reaches AWS";

void build(CLI::App& app, Session& session) {
  app.formatter(std::make_shared<HelpFormat>());
  app.require_subcommand(0, 1);
  app.set_version_flag("--version", "smflow " SMFLOW_VERSION, "Print the version");
  const std::map<std::string, When> colors{{"auto", When::automatic}, {"always", When::always}, {"never", When::never}};
  app.add_option("--color", session.color, "Colours: auto, always or never; NO_COLOR is obeyed")
      ->transform(CLI::CheckedTransformer(colors).description(""))
      ->type_name("WHEN");

  add_run(app, session);
  add_runs(app, session);
  add_rehearse(app, session);
  CLI::App* config = app.add_subcommand(
      "config", help_text("Show, check and explain the two config files of a job.",
                          {"smflow config show --config configs/sagemaker_config.yaml --origin",
                           "smflow config check --config configs/sagemaker_config.yaml", "smflow config init"}));
  config->require_subcommand(1);
  add_config_show(*config, session);
  add_config_check(*config, session);
  add_config_reference(*config, session);
  add_config_schema(*config, session);
  add_config_init(*config, session);
  add_completion(app, session);
  add_network_commands(app, session);
}

std::vector<std::string> names(CLI::App& app) {
  std::vector<std::string> names;
  // A group of options is a subcommand without a name to CLI11.
  for (const CLI::App* command : app.get_subcommands([](CLI::App* each) { return !each->get_name().empty(); }))
    names.push_back(command->get_name());
  return names;
}

// The first word that should have been a subcommand and is none, with the command it was typed after. CLI11 itself
// would only say that a subcommand is required.
std::optional<Error> unknown_command(CLI::App& app, int argc, char** argv) {
  CLI::App* at = &app;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const std::vector<std::string> known = names(*at);
    if (known.empty()) return std::nullopt;
    if (word == "--color") ++i;
    if (word.starts_with("-")) continue;
    if (std::find(known.begin(), known.end(), word) != known.end()) {
      at = at->get_subcommand(word);
      continue;
    }
    const std::string near = nearest(word, known);
    return Error{.code = "E001",
                 .exit = ExitCode::usage,
                 .message = "'" + word + "' is not a command of smflow" + (at == &app ? "" : " " + at->get_name()),
                 .fix = near.empty() ? "one of: " + join(known, ", ") : "did you mean '" + near + "'?"};
  }
  return std::nullopt;
}

Error usage_error(const CLI::App& app, const CLI::ParseError& error) {
  const CLI::App* command = &app;
  while (!command->get_subcommands().empty()) command = command->get_subcommands().front();
  std::string name = command->get_name();
  for (const CLI::App* up = command->get_parent(); up != nullptr; up = up->get_parent())
    name = up->get_name() + " " + name;
  return {.code = "E002", .exit = ExitCode::usage, .message = error.what(), .fix = "see: " + name + " --help"};
}

int report(const Session& session, const std::vector<Error>& errors) {
  Screen screen = session.screen();
  for (const Error& error : errors) screen.line(render_error(error, screen));
  if (errors.size() > 1) screen.line(counted(errors.size(), "error") + "; nothing was started");
  if (session.json) std::fprintf(session.out, "%s\n", errors_as_json(errors).c_str());
  const bool by_signal = errors.front().exit == ExitCode::interrupted && Interrupts::first_signal_of_process() != 0;
  return by_signal ? exit_code_of_signal(Interrupts::first_signal_of_process()) : static_cast<int>(errors.front().exit);
}

int guarded(const Session& session, const std::function<int()>& work) {
  try {
    return work();
  } catch (const CommandFailure& failure) {
    return report(session, failure.errors());
  } catch (const std::bad_alloc&) {
    return report(session, {Error{.code = "E903",
                                  .exit = ExitCode::machine,
                                  .message = "out of memory",
                                  .fix = "run a smaller job, or take a larger machine"}});
  } catch (const std::exception& error) {
    return report(session, {Error{.code = "E999",
                                  .exit = ExitCode::bug,
                                  .message = std::string("unexpected: ") + error.what(),
                                  .fix = "this is a bug of smflow; please report it with the command you typed"}});
  }
}

// What stands behind --exec is the command line of another program.
int own_words(int argc, char** argv) {
  const auto end = std::find_if(argv, argv + argc, [](const char* word) { return std::string_view(word) == "--exec"; });
  return std::min(argc, static_cast<int>(end - argv) + 1);
}

int parse_and_run(CLI::App& app, Session& session, int argc, char** argv) {
  argc = own_words(argc, argv);
  if (auto error = unknown_command(app, argc, argv)) throw CommandFailure(*std::move(error));
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);  // --help and --version
    throw CommandFailure(usage_error(app, error));
  }
  if (session.action) return session.action();
  std::fprintf(session.out, "%s\n\nsmflow --help lists the commands; smflow COMMAND --help shows one.\n", overview);
  return 0;
}

}  // namespace

int run(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_DFL);
  Session session;
  session.argv.assign(argv, argv + argc);
  return guarded(session, [&] {
    CLI::App app(overview, "smflow");
    build(app, session);
    if (argc > 1 && std::string_view(argv[1]) == complete_command) return complete(app, session);
    return parse_and_run(app, session, argc, argv);
  });
}

}  // namespace smflow::cli
