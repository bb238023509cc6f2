#include "results_access.hpp"
#include "run_table.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <smflow/base/text.hpp>

namespace smflow::cli {

namespace {

using records::Run;

struct ShowOptions {
  PlaceOptions place;
  std::string name;
  bool all = false;
};

class Printer {
 public:
  Printer(std::FILE* out, const Screen& screen) : out_(out), screen_(screen) {}

  void line(std::string_view label, const std::string& text) {
    if (!text.empty()) fmt::print(out_, "{:<14}{}\n", label, printable(text));
  }
  void title(const std::string& text) { fmt::print(out_, "\n{}\n", screen_.paint("1", text)); }
  void table(const std::vector<std::vector<std::string>>& rows) {
    std::vector<std::size_t> widths;
    for (const auto& row : rows) {
      widths.resize(std::max(widths.size(), row.size()), 0);
      for (std::size_t at = 0; at < row.size(); ++at) widths[at] = std::max(widths[at], row[at].size());
    }
    for (const auto& row : rows) {
      std::string text;
      for (std::size_t at = 0; at < row.size(); ++at) text += fmt::format("{:<{}}", printable(row[at]), widths[at] + 2);
      text.erase(text.find_last_not_of(' ') + 1);
      fmt::print(out_, "  {}\n", text);
    }
  }

 private:
  std::FILE* out_;
  const Screen& screen_;
};

std::string value_text(const OrderedJson& value) {
  if (value.is_string()) return value.get<std::string>();
  return value.dump(-1, ' ', false, OrderedJson::error_handler_t::replace);
}

std::string state_text(const Run& run, WallTime now) {
  std::string text = records::to_string(run.state);
  if (!run.secondary_status.empty() && run.secondary_status != run.status) text += " (" + run.secondary_status + ")";
  if (run.state == records::RunState::open) return text + " for " + format_duration(run.duration(now));
  if (run.ended) text += " after " + format_duration(run.duration(now));
  if (run.exit_code != 0) text += ", exit code " + std::to_string(run.exit_code);
  if (run.billable_time) text += ", billed " + std::to_string(run.billable_time->count()) + " s an instance";
  return text;
}

std::string command_text(const Run& run) {
  std::vector<std::string> words;
  for (const std::string& word : run.argv) words.push_back(shell_quote(word));
  return join(words, " ");
}

std::string where_text(const Run& run) {
  std::string text = run.instance_type + ", " + counted(static_cast<std::size_t>(run.instance_count), "machine");
  if (run.spot) text += ", spot";
  return run.region.empty() ? text : text + ", " + run.region;
}

void print_head(Printer& print, const Run& run, WallTime now) {
  print.line("run", run.name);
  print.line("experiment", run.experiment);
  print.line("state", state_text(run, now));
  print.line("reason", run.reason);
  print.line("started",
             format_utc(run.created) + " by " + run.user + " on " + run.host + " with smflow " + run.tool_version);
  print.line("where", where_text(run));
  print.line("command", command_text(run));
  print.line("replica of", run.parent);
  print.line("arn", run.arn);
}

void print_parameters(Printer& print, const Run& run, bool changed) {
  std::vector<std::vector<std::string>> rows;
  for (const records::Parameter& one : run.parameters) {
    if (one.changed != changed) continue;
    rows.push_back({one.config + ":" + one.path, value_text(one.value), changed ? one.origin : ""});
  }
  if (rows.empty()) return;
  print.title(changed ? "parameters that differ from the defaults" : "parameters at their defaults");
  print.table(rows);
}

std::string source_text(const records::SourceState& source) {
  if (source.commit.empty()) return {};
  std::string text = source.commit;
  if (!source.branch.empty()) text += " on " + source.branch;
  if (!source.remote.empty()) text += " of " + source.remote;
  if (!source.dirty) return text;
  if (source.patch.empty()) return text + ", with changes that are not recorded: " + source.patch_omitted;
  text += ", with the changes in " + source.patch;
  return source.patch_omitted.empty() ? text : text + " (not complete: " + source.patch_omitted + ")";
}

void print_inputs(Printer& print, const Run& run) {
  print.title("code, image and data");
  print.line("  code", source_text(run.source));
  print.line("  program", run.code_path + (run.code_hash.empty() ? "" : " " + run.code_hash.substr(0, 12)));
  print.line("  image", run.image_uri + (run.image_digest.empty() ? "" : " " + run.image_digest));
  for (const records::DataState& data : run.data) {
    print.line("  " + data.channel,
               fmt::format("{}: {}, {}, {} {}", data.uri, counted(data.count, "object"),
                           format_bytes(static_cast<double>(data.bytes)), data.hash_kind, data.hash.substr(0, 12)));
  }
  for (const auto& [name, value] : run.environment) print.line("  environment", name + "=" + value);
  for (const records::Redaction& one : run.redactions) print.line("  left out", one.where + " (" + one.rule + ")");
}

void print_results(Printer& print, const Run& run) {
  print.title("results");
  std::vector<std::vector<std::string>> rows;
  for (const records::MetricSummary& one : run.metrics) {
    if (one.points == 0) {
      rows.push_back({one.name, short_number(one.last), "never a number"});
      continue;
    }
    rows.push_back({one.name, short_number(one.last), "least " + short_number(one.least),
                    "at step " + std::to_string(one.least_step), "greatest " + short_number(one.greatest),
                    "at step " + std::to_string(one.greatest_step)});
  }
  print.table(rows);
  for (const auto& [name, uri] : run.artifacts) print.line("  " + name, uri);
  for (const auto& [name, uri] : run.outputs) {
    if (name == "checkpoints") print.line("  checkpoints", uri);
  }
  print.line("  record", run.record_uri);
  std::size_t samples = 0;
  for (const storage::ObjectInfo& file : run.files) samples += file.key.starts_with("samples/") ? 1 : 0;
  if (samples != 0) print.line("  samples", counted(samples, "file") + " in " + run.record_uri + "/samples");
}

OrderedJson as_json(const Run& run) {
  OrderedJson files = OrderedJson::array();
  for (const storage::ObjectInfo& file : run.files) files.push_back({{"key", file.key}, {"size", file.size}});
  return {{"schema", "smflow.runs.show/1"}, {"name", run.name},         {"state", records::to_string(run.state)},
          {"record_uri", run.record_uri},   {"record", run.record},     {"submitted", run.submitted},
          {"outcome", run.outcome},         {"files", std::move(files)}};
}

int show(Session& session, const ShowOptions& options, Results& results) {
  Run run = results.read(options.name);
  if (session.json) {
    fmt::print(session.out, "{}\n", as_json(run).dump(2, ' ', false, OrderedJson::error_handler_t::replace));
    return 0;
  }
  const Screen screen = session.screen();
  Printer print(session.out, screen);
  const records::RunSummary& summary = results.find(run.name);
  if (run.state == records::RunState::open) run.state = summary.state;
  print_head(print, run, SystemClock().now());
  print_parameters(print, run, true);
  if (options.all) print_parameters(print, run, false);
  print_inputs(print, run);
  print_results(print, run);
  print.title("to do it again");
  print.table({{run.replicate_command.starts_with("smflow runs replicate") ? run.replicate_command
                                                                           : "smflow runs replicate " + run.name}});
  for (const std::string& why : run.why_not_exact) print.line("  not exact", why);
  return 0;
}

}  // namespace

void add_runs_show(CLI::App& runs, Session& session) {
  auto options = std::make_shared<ShowOptions>();
  CLI::App* command = runs.add_subcommand(
      "show",
      help_text("Show one run: what, who, when, its options, its results, and how to do it again.",
                {"smflow runs show latest", "smflow runs show 7f3a2 --all", "smflow runs show latest~1 --json"}));
  command->add_option("name", options->name, "The run: its name, its beginning or end, or latest")
      ->required()
      ->type_name("NAME");
  command->add_flag("-a,--all", options->all, "The options at their defaults, too");
  add_place_options(*command, options->place);
  add_json_option(*command, session);
  command->callback([&session, options] {
    session.action = [&session, options] {
      return with_results(session, options->place, [&](Results& results) { return show(session, *options, results); });
    };
  });
}

}  // namespace smflow::cli
