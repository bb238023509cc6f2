#include "run_table.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include <fmt/format.h>

#include <smflow/base/text.hpp>

namespace smflow::cli {

namespace {

using records::RunSummary;

constexpr std::size_t most_parameters = 8;  // that a person is shown unasked
constexpr std::size_t widest_cell = 40;

std::string age(WallTime then, WallTime now) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now - then).count();
  if (seconds < 60) return "just now";
  if (seconds < 3600) return fmt::format("{} min ago", seconds / 60);
  if (seconds < 24 * 3600) return fmt::format("{} h ago", seconds / 3600);
  if (seconds < 7 * 24 * 3600) return fmt::format("{} d ago", seconds / (24 * 3600));
  return format_utc(then).substr(0, 10);
}

std::string target(const RunSummary& run) {
  std::string text = run.instance_type;
  if (run.instance_count > 1) text += " x" + std::to_string(run.instance_count);
  return run.spot ? text + " spot" : text;
}

std::string duration(const RunSummary& run, const TableOptions& options) {
  if (run.state == records::RunState::lost) return {};
  const auto taken = run.duration(options.now);
  if (options.for_people) return format_duration(taken);
  return run.ended == WallTime{} ? std::string() : fmt::format("{:.3f}", static_cast<double>(taken.count()) / 1000);
}

// The fixed columns; nothing for any other name.
std::optional<std::string> fixed(const RunSummary& run, std::string_view name, const TableOptions& options) {
  if (name == "RUN") return std::string(options.for_people ? run.short_name() : std::string_view(run.name));
  if (name == "JOB") return std::string(run.base_name());
  if (name == "EXPERIMENT") return run.experiment;
  if (name == "WHEN") return options.for_people ? age(run.created, options.now) : format_utc(run.created);
  if (name == "BY") return run.user;
  if (name == "TARGET") return target(run);
  if (name == "STATE") return std::string(records::to_string(run.state));
  if (name == "TIME") return duration(run, options);
  if (name == "COMMIT") return run.commit.substr(0, 12) + (run.dirty ? "-dirty" : "");
  if (name == "IMAGE") return run.image;
  if (name == "CONFIG") return run.config_hash.substr(0, 12);
  if (name == "DATA") return run.data_hash.substr(0, 12);
  if (name == "PARENT") return run.parent;
  return std::nullopt;
}

std::string cell(const RunSummary& run, const std::string& name, const TableOptions& options) {
  if (auto text = fixed(run, name, options)) return *std::move(text);
  const records::MetricSummary* metric = run.metric(name);
  if (metric != nullptr && options.for_people) return short_number(metric->last);
  return records::value_of(run, name);
}

bool is_signed(const std::string& column) {
  return column.starts_with('+') || column.starts_with('-');
}

// What every run has anew says nothing about how it differs.
bool is_place(std::string_view path) {
  return path.starts_with("sagemaker:S3.") || path.starts_with("sagemaker:LOCAL.") ||
         path == "sagemaker:SAGEMAKER.JOB_NAME" || path == "sagemaker:SAGEMAKER.INSTANCE_TYPE" ||
         path == "sagemaker:SAGEMAKER.INSTANCE_COUNT" || path == "sagemaker:SAGEMAKER.SPOT_INSTANCE" ||
         path == "sagemaker:TRAINING.CONFIG_FILE";
}

std::vector<std::string> differing_parameters(const RunList& runs) {
  std::set<std::string_view> candidates;
  for (const RunSummary* run : runs) candidates.insert(run->changed.begin(), run->changed.end());
  std::vector<std::string> names;
  for (const std::string_view path : candidates) {
    const auto differs = [&](const RunSummary* run) { return run->parameter(path) != runs.front()->parameter(path); };
    if (!is_place(path) && std::ranges::any_of(runs, differs)) names.emplace_back(path);
  }
  return names;
}

// Those of all runs together, in the order in which they come.
std::vector<std::string> metric_names(const RunList& runs) {
  std::vector<std::string> names;
  for (const RunSummary* run : runs) {
    for (const records::MetricSummary& metric : run->metrics) {
      if (std::ranges::find(names, metric.name) == names.end()) names.push_back(metric.name);
    }
  }
  return names;
}

std::vector<std::string> columns_of(const RunList& runs, const TableOptions& options) {
  const bool exactly = !options.columns.empty() && std::ranges::none_of(options.columns, is_signed);
  if (exactly) return options.columns;
  std::vector<std::string> names = {"RUN", "WHEN", "BY", "TARGET", "STATE", "TIME"};
  if (options.for_people) names.insert(names.begin() + 1, "JOB");
  std::vector<std::string> more = differing_parameters(runs);
  if (options.for_people && more.size() > most_parameters) more.resize(most_parameters);
  names.insert(names.end(), more.begin(), more.end());
  more = metric_names(runs);
  names.insert(names.end(), more.begin(), more.end());
  for (const std::string& one : options.columns) {
    const std::string name = is_signed(one) ? one.substr(1) : one;
    if (one.starts_with('-')) {
      std::erase_if(names, [&](const std::string& has) { return records::matches_pattern(has, name); });
    } else if (std::ranges::find(names, name) == names.end()) {
      names.push_back(name);
    }
  }
  return names;
}

std::string cut(const std::string& text) {
  const std::string clean = printable(text);
  const std::string_view head = utf8_prefix_characters(clean, widest_cell);
  return head.size() == clean.size() ? clean : std::string(utf8_prefix_characters(clean, widest_cell - 1)) + "…";
}

std::size_t width(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string padded(const std::string& text, std::size_t to) {
  return text + std::string(to - std::min(to, width(text)), ' ');
}

}  // namespace

std::string short_number(double value) {
  if (!std::isfinite(value)) return std::isnan(value) ? "NaN" : (value > 0 ? "Infinity" : "-Infinity");
  const double size = std::abs(value);
  if (size != 0 && (size < 1e-3 || size >= 1e7)) return fmt::format("{:.2e}", value);
  return fmt::format("{:.4g}", value);
}

void print_columns(std::FILE* out, const Screen& screen, const Table& table) {
  std::vector<std::vector<std::string>> rows = {table.names};
  for (std::vector<std::string>& name : rows) {
    for (std::string& one : name) one = one.substr(one.find(':') + 1);
  }
  for (const std::vector<std::string>& row : table.rows) {
    rows.emplace_back();
    for (const std::string& text : row) rows.back().push_back(text.empty() ? "-" : cut(text));
  }
  std::vector<std::size_t> widths(table.names.size(), 0);
  for (const std::vector<std::string>& row : rows) {
    for (std::size_t at = 0; at < row.size(); ++at) widths[at] = std::max(widths[at], width(row[at]));
  }
  for (std::size_t line = 0; line < rows.size(); ++line) {
    std::string text;
    for (std::size_t at = 0; at < rows[line].size(); ++at) text += padded(rows[line][at], widths[at]) + "  ";
    text.erase(text.find_last_not_of(' ') + 1);
    fmt::print(out, "{}\n", line == 0 ? screen.paint("1", text) : text);
  }
}

void print_tabs(std::FILE* out, const Table& table) {
  const auto print = [&](const std::vector<std::string>& row) {
    std::vector<std::string> clean;
    for (const std::string& text : row) {
      clean.push_back(printable(text));
      std::ranges::replace(clean.back(), '\t', ' ');
      std::ranges::replace(clean.back(), '\n', ' ');
    }
    fmt::print(out, "{}\n", join(clean, "\t"));
  };
  print(table.names);
  for (const std::vector<std::string>& row : table.rows) print(row);
}

std::vector<std::string> names_of_values(const std::vector<std::string>& columns) {
  std::vector<std::string> names;
  for (const std::string& one : columns) {
    const std::string name = is_signed(one) ? one.substr(1) : one;
    if (!one.starts_with('-') && !fixed({}, name, {.columns = {}})) names.push_back(name);
  }
  return names;
}

Table run_table(const RunList& runs, const TableOptions& options) {
  Table table{.names = columns_of(runs, options), .rows = {}};
  for (const RunSummary* run : runs) {
    table.rows.emplace_back();
    for (const std::string& name : table.names) table.rows.back().push_back(cell(*run, name, options));
  }
  return table;
}

}  // namespace smflow::cli
