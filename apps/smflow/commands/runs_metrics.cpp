#include "plot.hpp"
#include "results_access.hpp"
#include "run_table.hpp"

#include <map>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <smflow/base/json_number.hpp>

namespace smflow::cli {

namespace {

struct MetricsOptions {
  PlaceOptions place;
  std::string name;
  std::vector<std::string> metrics;
  bool csv = false;
};

const char* source_name(records::MetricSource source) {
  if (source == records::MetricSource::lines) return "lines";
  return source == records::MetricSource::log ? "log" : "none";
}

void keep_wanted(records::RunMetrics& metrics, const std::vector<std::string>& wanted) {
  if (wanted.empty()) return;
  std::erase_if(metrics.series, [&](const records::MetricSeries& series) {
    return std::ranges::none_of(
        wanted, [&](const std::string& pattern) { return records::matches_pattern(series.name, pattern); });
  });
}

std::string csv_text(const std::string& text) {
  if (text.find_first_of(",\"\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

// A row a step, a column a metric; where a metric has no value there is nothing.
void print_csv(const Session& session, const records::RunMetrics& metrics) {
  struct Row {
    std::int64_t epoch = 0;
    double time = 0;
    std::vector<std::string> values;
  };
  std::map<std::int64_t, Row> rows;
  std::string head = "step,epoch,time";
  for (std::size_t at = 0; at < metrics.series.size(); ++at) {
    head += "," + csv_text(metrics.series[at].name);
    for (const records::MetricPoint& point : metrics.series[at].points) {
      Row& row = rows[point.step];
      row.values.resize(metrics.series.size());
      row.epoch = point.epoch;
      row.time = point.time;
      row.values[at] = fmt::format("{}", point.value);
    }
  }
  fmt::print(session.out, "{}\n", head);
  for (const auto& [step, row] : rows) {
    fmt::print(session.out, "{},{},{}", step, row.epoch, row.time == 0 ? "" : fmt::format("{:.3f}", row.time));
    for (const std::string& value : row.values) fmt::print(session.out, ",{}", value);
    fmt::print(session.out, "\n");
  }
}

void print_json(const Session& session, const records::Run& run, const records::RunMetrics& metrics) {
  OrderedJson series = OrderedJson::array();
  for (const records::MetricSeries& one : metrics.series) {
    OrderedJson points = OrderedJson::array();
    for (const records::MetricPoint& point : one.points) {
      points.push_back(
          {{"step", point.step}, {"epoch", point.epoch}, {"time", point.time}, {"value", json_number(point.value)}});
    }
    series.push_back({{"name", one.name}, {"points", std::move(points)}});
  }
  const OrderedJson document{{"schema", "smflow.runs.metrics/1"},
                             {"name", run.name},
                             {"source", source_name(metrics.source)},
                             {"series", std::move(series)}};
  fmt::print(session.out, "{}\n", document.dump(2, ' ', false, OrderedJson::error_handler_t::replace));
}

void print_plots(const Session& session, const records::RunMetrics& metrics) {
  Table table{.names = {"METRIC", "LAST", "LEAST", "AT STEP", "GREATEST", "AT STEP"}, .rows = {}};
  for (const records::MetricSummary& one : records::summarize(metrics)) {
    if (one.points == 0) {
      table.rows.push_back({one.name, short_number(one.last), "", "", "", ""});
      continue;
    }
    table.rows.push_back({one.name, short_number(one.last), short_number(one.least), std::to_string(one.least_step),
                          short_number(one.greatest), std::to_string(one.greatest_step)});
  }
  for (const records::MetricSeries& series : metrics.series) fmt::print(session.out, "{}\n", plot(series));
  print_columns(session.out, Screen(session.out, false, false), table);
}

int print_metrics(Session& session, const MetricsOptions& options, Results& results) {
  const records::Run run = results.read(options.name);
  records::RunMetrics metrics = value_or_throw(records::read_metrics(results.bucket(), run));
  keep_wanted(metrics, options.metrics);
  Screen screen = session.screen();
  if (metrics.series.empty()) screen.line("run '" + run.name + "' has left no such metrics");
  if (metrics.source == records::MetricSource::log) {
    screen.line("read from the log by the metric definitions: a step is how often the metric was seen");
  }
  if (session.json) {
    print_json(session, run, metrics);
  } else if (options.csv) {
    print_csv(session, metrics);
  } else if (!metrics.series.empty()) {
    print_plots(session, metrics);
  }
  return 0;
}

}  // namespace

void add_runs_metrics(CLI::App& runs, Session& session) {
  auto options = std::make_shared<MetricsOptions>();
  CLI::App* command =
      runs.add_subcommand("metrics", help_text("Show the metrics of a run as curves, or give them to another program.",
                                               {"smflow runs metrics latest", "smflow runs metrics 7f3a2 --csv > m.csv",
                                                "smflow runs metrics 7f3a2 --metric 'generator/*' --json"}));
  command->add_option("name", options->name, "The run: its name, its beginning or end, or latest")
      ->required()
      ->type_name("NAME");
  command->add_option("--metric", options->metrics, "Only these; may hold * and ?")
      ->type_name("NAME")
      ->allow_extra_args(false);
  CLI::Option* csv = command->add_flag("--csv", options->csv, "Print a table with commas, one row a step");
  add_place_options(*command, options->place);
  add_json_option(*command, session);
  csv->excludes("--json");
  command->callback([&session, options] {
    session.action = [&session, options] {
      return with_results(session, options->place,
                          [&](Results& results) { return print_metrics(session, *options, results); });
    };
  });
}

}  // namespace smflow::cli
