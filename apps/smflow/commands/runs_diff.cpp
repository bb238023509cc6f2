#include "results_access.hpp"
#include "run_table.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <smflow/records/data_manifest.hpp>
#include <smflow/records/run_diff.hpp>
#include <smflow/records/source_diff.hpp>

namespace smflow::cli {

namespace {

struct DiffOptions {
  PlaceOptions place;
  std::vector<std::string> names;
  bool source = false;
};

// How much of the code each run had changed, where they differ in that.
void add_patch_row(std::vector<records::DiffSection>& sections, const std::vector<records::Run>& runs,
                   storage::Store& bucket) {
  const auto code = std::ranges::find(sections, "code", &records::DiffSection::title);
  if (code == sections.end()) return;
  const auto row = std::ranges::find(code->rows, "uncommitted changes", &records::DiffRow::what);
  if (row == code->rows.end()) return;
  for (std::size_t at = 0; at < runs.size(); ++at) {
    if (runs[at].source.patch.empty()) continue;
    const auto patch = bucket.get(runs[at].record_key + "/" + runs[at].source.patch);
    if (patch) row->values[at] = records::patch_summary(*patch) + ", " + row->values[at];
  }
}

// What has come and gone between the inputs of two runs; the lists are large, so only they are told apart by object.
void add_data_rows(std::vector<records::DiffSection>& sections, const std::vector<records::Run>& runs,
                   storage::Store& bucket) {
  const auto data = std::ranges::find(sections, "data", &records::DiffSection::title);
  if (data == sections.end() || runs.size() != 2) return;
  for (const records::DataState& before : runs[0].data) {
    const auto after = std::ranges::find(runs[1].data, before.channel, &records::DataState::channel);
    if (after == runs[1].data.end() || after->hash == before.hash) continue;
    const auto one = bucket.get(before.manifest);
    const auto other = bucket.get(after->manifest);
    if (!one || !other) continue;
    data->rows.push_back({before.channel + " objects", {"", records::manifest_difference(*one, *other)}});
  }
}

void print_json(const Session& session, const std::vector<records::Run>& runs,
                const std::vector<records::DiffSection>& sections, const std::optional<std::string>& source) {
  OrderedJson names = OrderedJson::array();
  for (const records::Run& run : runs) names.push_back(run.name);
  OrderedJson differences = OrderedJson::object();
  for (const records::DiffSection& section : sections) {
    for (const records::DiffRow& row : section.rows) differences[section.title][row.what] = row.values;
  }
  OrderedJson document{{"schema", "smflow.runs.diff/1"}, {"runs", names}, {"differences", differences}};
  if (source) document["source"] = *source;
  fmt::print(session.out, "{}\n", document.dump(2, ' ', false, OrderedJson::error_handler_t::replace));
}

int diff(Session& session, const DiffOptions& options, Results& results) {
  std::vector<records::Run> runs;
  for (const std::string& name : options.names) runs.push_back(results.read(name));
  std::vector<records::DiffSection> sections = records::diff_runs(runs);
  add_data_rows(sections, runs, results.bucket());
  add_patch_row(sections, runs, results.bucket());
  std::optional<std::string> source;
  if (options.source) {
    if (runs.size() != 2) {
      throw CommandFailure(
          Error{.code = "E002",
                .exit = ExitCode::usage,
                .message = "--source compares the code of two runs, and " + std::to_string(runs.size()) + " are named",
                .fix = "name two"});
    }
    source = value_or_throw(records::source_diff(results.bucket(), runs[0], runs[1], std::filesystem::current_path()));
  }
  if (session.json) {
    print_json(session, runs, sections, source);
    return 0;
  }
  Screen screen = session.screen();
  if (sections.empty()) screen.line("the runs do not differ");
  for (const records::DiffSection& section : sections) {
    Table table{.names = {section.title}, .rows = {}};
    for (const records::Run& run : runs) table.names.push_back(run.name);
    for (const records::DiffRow& row : section.rows) {
      table.rows.push_back({row.what});
      table.rows.back().insert(table.rows.back().end(), row.values.begin(), row.values.end());
    }
    if (&section != &sections.front()) fmt::print(session.out, "\n");
    print_columns(session.out, Screen(session.out, false, false), table);
  }
  if (source) fmt::print(session.out, "\n{}", source->empty() ? "the code does not differ\n" : *source);
  const bool differs = std::ranges::find(sections, "code", &records::DiffSection::title) != sections.end();
  if (!source && differs && runs.size() == 2)
    screen.line("--source shows how the code differs, in a clone that has both commits");
  return 0;
}

}  // namespace

void add_runs_diff(CLI::App& runs, Session& session) {
  auto options = std::make_shared<DiffOptions>();
  CLI::App* command = runs.add_subcommand(
      "diff",
      help_text("Show what differs between runs, and nothing else: options, code, image, data, environment, results.",
                {"smflow runs diff 7f3a2 c0k9x", "smflow runs diff latest~1 latest --source",
                 "smflow runs diff latest~1 latest --json"}));
  command->add_option("names", options->names, "Two runs or more")->required()->expected(2, 20)->type_name("NAME");
  command->add_flag("--source", options->source,
                    "How their code differs too, commit and changes: in a clone that has both commits");
  add_place_options(*command, options->place);
  add_json_option(*command, session);
  command->callback([&session, options] {
    session.action = [&session, options] {
      return with_results(session, options->place, [&](Results& results) { return diff(session, *options, results); });
    };
  });
}

}  // namespace smflow::cli
