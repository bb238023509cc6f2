#include "results_access.hpp"
#include "run_table.hpp"
#include "since.hpp"

#include <set>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include <smflow/base/json_number.hpp>
#include <smflow/base/text.hpp>

namespace smflow::cli {

namespace {

using records::RunSummary;

struct ListOptions {
  PlaceOptions place;
  std::string experiment;
  std::string since;
  std::string by;
  std::vector<std::string> states;
  std::vector<std::string> where;
  std::vector<std::string> columns;
  std::string sort;
  std::size_t most = 0;
  bool all = false;
  bool reindex = false;
};

CommandFailure usage(const std::string& message, const std::string& fix) {
  return CommandFailure(Error{.code = "E002", .exit = ExitCode::usage, .message = message, .fix = fix});
}

records::RunFilter filter_of(const ListOptions& options, WallTime now) {
  records::RunFilter filter{
      .experiment = options.experiment, .user = options.by, .states = {}, .since = {}, .where = {}};
  if (!options.since.empty()) {
    filter.since = parse_since(options.since, now);
    if (!filter.since) {
      throw usage("--since: '" + options.since + "' is neither a duration nor a time",
                  "write 90s, 10m, 2h or 3d, or a time like 2026-01-31T12:00:00Z");
    }
  }
  for (const std::string& name : options.states) {
    const auto state = records::run_state(name);
    if (!state)
      throw usage("--status: '" + name + "' is no state", "one of: open, succeeded, failed, stopped, timed_out, lost");
    filter.states.push_back(*state);
  }
  for (const std::string& text : options.where) {
    auto condition = records::parse_condition(text);
    if (!condition)
      throw usage("--where: '" + text + "' compares nothing", "write GENERATOR.LATENT_SIZE=100 or loss<2");
    filter.where.push_back(*std::move(condition));
  }
  return filter;
}

OrderedJson as_json(const RunSummary& run) {
  OrderedJson json{{"name", run.name},
                   {"experiment", run.experiment},
                   {"user", run.user},
                   {"host", run.host},
                   {"created", format_utc(run.created)},
                   {"instance_type", run.instance_type},
                   {"instance_count", run.instance_count},
                   {"region", run.region},
                   {"spot", run.spot},
                   {"state", records::to_string(run.state)},
                   {"reason", run.reason},
                   {"ended", run.ended == WallTime{} ? OrderedJson(nullptr) : OrderedJson(format_utc(run.ended))},
                   {"billable_seconds", run.billable_time.count()},
                   {"commit", run.commit},
                   {"dirty", run.dirty},
                   {"image", run.image},
                   {"config_hash", run.config_hash},
                   {"data_hash", run.data_hash},
                   {"parent", run.parent},
                   {"record", run.record_key},
                   {"parameters", OrderedJson::object()},
                   {"metrics", OrderedJson::object()}};
  for (const auto& [path, value] : run.parameters) {
    json["parameters"][std::string(path)] = OrderedJson::parse(value, nullptr, false);
  }
  for (const records::MetricSummary& one : run.metrics) {
    json["metrics"][one.name] = {
        {"last", json_number(one.last)}, {"least", json_number(one.least)}, {"greatest", json_number(one.greatest)}};
  }
  return json;
}

void print_json(const Session& session, const RunList& runs) {
  OrderedJson list = OrderedJson::array();
  for (const RunSummary* run : runs) list.push_back(as_json(*run));
  const OrderedJson document{{"schema", "smflow.runs.list/1"}, {"runs", std::move(list)}};
  fmt::print(session.out, "{}\n", document.dump(2, ' ', false, OrderedJson::error_handler_t::replace));
}

// Why those that went wrong did: one line each.
void print_reasons(Screen& screen, const RunList& runs) {
  constexpr std::size_t most = 5;
  std::size_t told = 0;
  for (const RunSummary* run : runs) {
    if (run->reason.empty() || ++told > most) continue;
    const std::string line = printable(run->reason.substr(0, run->reason.find('\n')));
    screen.line("  " + std::string(run->short_name()) + ": " + std::string(utf8_prefix_characters(line, 100)));
  }
}

// A slip in a name would look like runs without that value.
void note_unknown_names(Screen& screen, const ListOptions& options, const records::RunFilter& filter,
                        const std::vector<RunSummary>& runs) {
  std::vector<std::string> asked = names_of_values(options.columns);
  for (const records::Condition& condition : filter.where) asked.push_back(condition.name);
  if (!options.sort.empty()) asked.push_back(options.sort.substr(options.sort.starts_with('-') ? 1 : 0));
  for (const std::string& name : asked) {
    const auto has = [&](const RunSummary& run) { return !records::value_of(run, name).empty(); };
    if (runs.empty() || std::ranges::any_of(runs, has)) continue;
    std::set<std::string> known;
    for (const RunSummary& run : runs) {
      for (const auto& [path, value] : run.parameters) known.emplace(path.substr(path.find(':') + 1));
      for (const records::MetricSummary& metric : run.metrics) known.insert(metric.name);
    }
    const std::string near = nearest(name, std::vector<std::string>(known.begin(), known.end()));
    screen.line("no run has an option or a metric '" + printable(name) + "'" +
                (near.empty() ? "" : "; did you mean '" + near + "'?"));
  }
}

int list(Session& session, const ListOptions& options, Results& results) {
  Screen screen = session.screen();
  const WallTime now = SystemClock().now();
  const records::RunFilter filter = filter_of(options, now);
  if (options.reindex) {
    const std::size_t added = value_or_throw(records::add_missing_cards(results.bucket()));
    screen.line(counted(added, "run") + " found without a card, which is made now");
  }
  const records::RunIndex& index = results.index();
  note_unknown_names(screen, options, filter, index.runs());
  RunList runs;
  for (const RunSummary& run : index.runs()) {
    if (filter.matches(run)) runs.push_back(&run);
  }
  if (!options.sort.empty()) records::sort_by(runs, options.sort);
  const std::size_t found = runs.size();
  constexpr std::size_t usual = 20;
  const bool for_people = isatty(fileno(session.out)) == 1;
  const std::size_t most = options.most != 0 ? options.most : (for_people && !options.all ? usual : found);
  if (runs.size() > most) runs.resize(most);
  if (session.json) {
    print_json(session, runs);
  } else {
    const Table table = run_table(runs, {.columns = options.columns, .for_people = for_people, .now = now});
    const Screen out(session.out, for_people, use_color(session.color, for_people));
    if (!for_people) {
      print_tabs(session.out, table);
    } else if (!runs.empty()) {
      print_columns(session.out, out, table);
    }
  }
  for (const std::string& key : index.not_understood())
    screen.line("passed over: '" + key + "' is no card of this version");
  if (!for_people && found != 0) return 0;
  screen.line(fmt::format("{} of {} at {}", runs.size(), counted(index.runs().size(), "run"), results.uri()));
  print_reasons(screen, runs);
  return 0;
}

void add_filters(CLI::App& command, ListOptions& options) {
  command.add_option("-e,--experiment", options.experiment, "This experiment and what is below it; may hold * and ?")
      ->type_name("NAME");
  command.add_option("--since", options.since, "Started since then: 90s, 10m, 2h, 3d, or a time")->type_name("TIME");
  command.add_option("--by", options.by, "Started by this user")->type_name("USER");
  command
      .add_option("--status", options.states,
                  "open, succeeded, failed, stopped, timed_out or lost; several with commas")
      ->delimiter(',')
      ->type_name("STATE");
  command
      .add_option("--where", options.where,
                  "An option or a metric compared: PATH=VALUE, also != < <= > >=; all must hold")
      ->type_name("CONDITION")
      ->allow_extra_args(false);
}

}  // namespace

void add_runs_list(CLI::App& runs, Session& session) {
  auto options = std::make_shared<ListOptions>();
  CLI::App* command = runs.add_subcommand(
      "list", help_text("List runs, the newest first, with the options in which they differ and their metrics.",
                        {"smflow runs list", "smflow runs list --experiment team/gan --since 7d --status failed",
                         "smflow runs list --where GENERATOR.LATENT_SIZE=100 --sort generator/loss",
                         "smflow runs list --columns RUN,STATE,TRAINING.NUM_EPOCHS,generator/loss",
                         "smflow runs list --json | jq .runs[0].name"}));
  add_filters(*command, *options);
  command
      ->add_option("--sort", options->sort, "By this metric or option, the smallest first; -NAME: the greatest first")
      ->type_name("NAME");
  command
      ->add_option("--columns", options->columns, "Exactly these, or with a sign beside the usual ones: +COMMIT,-WHEN")
      ->delimiter(',')
      ->type_name("NAMES");
  command->add_option("-n,--number", options->most, "At most so many; by default 20 on a terminal")->type_name("N");
  command->add_flag("-a,--all", options->all, "All of them, on a terminal too");
  command->add_flag("--reindex", options->reindex,
                    "First look through the whole bucket for runs that an earlier version has recorded");
  add_place_options(*command, options->place);
  add_json_option(*command, session);
  command->callback([&session, options] {
    session.action = [&session, options] {
      return with_results(session, options->place, [&](Results& results) { return list(session, *options, results); });
    };
  });
}

}  // namespace smflow::cli
