#include "json_access.hpp"

#include <algorithm>
#include <functional>

#include <smflow/base/json_number.hpp>
#include <smflow/records/run_diff.hpp>

namespace smflow::records {

namespace {

class Comparison {
 public:
  explicit Comparison(const std::vector<Run>& runs) : runs_(runs) {}

  void section(std::string title) { sections_.push_back({std::move(title), {}}); }

  void row(std::string what, const std::function<std::string(const Run&)>& value) {
    DiffRow row{.what = std::move(what), .values = {}};
    for (const Run& run : runs_) row.values.push_back(value(run));
    const auto differs = [&](const std::string& one) { return one != row.values.front(); };
    if (std::ranges::any_of(row.values, differs)) sections_.back().rows.push_back(std::move(row));
  }

  // A row for every name that one of the runs has, in the order in which they come.
  void rows(const std::function<std::vector<std::string>(const Run&)>& names,
            const std::function<std::string(const Run&, const std::string&)>& value) {
    std::vector<std::string> all;
    for (const Run& run : runs_) {
      for (std::string& name : names(run)) {
        if (std::ranges::find(all, name) == all.end()) all.push_back(std::move(name));
      }
    }
    for (const std::string& name : all) row(name, [&](const Run& run) { return value(run, name); });
  }

  std::vector<DiffSection> take() {
    std::erase_if(sections_, [](const DiffSection& section) { return section.rows.empty(); });
    return std::move(sections_);
  }

 private:
  const std::vector<Run>& runs_;
  std::vector<DiffSection> sections_;
};

using Pairs = std::vector<std::pair<std::string, std::string>>;

std::vector<std::string> first_of(const Pairs& pairs) {
  std::vector<std::string> names;
  for (const auto& [name, value] : pairs) names.push_back(name);
  return names;
}

std::string second_of(const Pairs& pairs, const std::string& wanted) {
  const auto found = std::ranges::find(pairs, wanted, &Pairs::value_type::first);
  return found == pairs.end() ? std::string() : found->second;
}

void compare_configs(Comparison& comparison) {
  comparison.section("config");
  comparison.rows(
      [](const Run& run) {
        std::vector<std::string> names;
        for (const Parameter& one : run.parameters) names.push_back(one.config + ":" + one.path);
        return names;
      },
      [](const Run& run, const std::string& name) {
        const Parameter* parameter = run.parameter(name);
        return parameter == nullptr ? std::string() : plain_text(parameter->value);
      });
}

void compare_code(Comparison& comparison) {
  comparison.section("code");
  comparison.row("remote", [](const Run& run) { return run.source.remote; });
  comparison.row("branch", [](const Run& run) { return run.source.branch; });
  comparison.row("commit", [](const Run& run) { return run.source.commit; });
  comparison.row("uncommitted changes", [](const Run& run) {
    if (!run.source.dirty) return std::string("none");
    const std::string sum = text_at(run.record, {"source", "patch", "sha256"});
    return sum.empty() ? "left out: " + run.source.patch_omitted : "source.patch " + sum.substr(0, 12);
  });
  comparison.row("built program", [](const Run& run) { return run.code_hash.substr(0, 12); });
  comparison.row("smflow", [](const Run& run) { return run.tool_version; });
}

void compare_inputs(Comparison& comparison) {
  comparison.section("image");
  comparison.row("uri", [](const Run& run) { return run.image_uri; });
  comparison.row("digest", [](const Run& run) { return run.image_digest; });
  comparison.section("data");
  comparison.rows(
      [](const Run& run) {
        std::vector<std::string> names;
        for (const DataState& data : run.data) names.push_back(data.channel);
        return names;
      },
      [](const Run& run, const std::string& channel) {
        const auto data = std::ranges::find(run.data, channel, &DataState::channel);
        if (data == run.data.end()) return std::string();
        return std::to_string(data->count) + " objects, " + std::to_string(data->bytes) + " bytes, " +
               data->hash.substr(0, 12);
      });
  comparison.section("environment");
  comparison.row("user", [](const Run& run) { return run.user; });
  comparison.row("host", [](const Run& run) { return run.host; });
  comparison.row("region", [](const Run& run) { return run.region; });
  comparison.rows([](const Run& run) { return first_of(run.environment); },
                  [](const Run& run, const std::string& name) { return second_of(run.environment, name); });
}

void compare_results(Comparison& comparison) {
  comparison.section("results");
  comparison.row("state", [](const Run& run) { return std::string(to_string(run.state)); });
  comparison.row("reason", [](const Run& run) { return run.reason; });
  comparison.rows(
      [](const Run& run) {
        std::vector<std::string> names;
        for (const MetricSummary& one : run.metrics) names.push_back(one.name);
        return names;
      },
      [](const Run& run, const std::string& name) {
        const auto metric = std::ranges::find(run.metrics, name, &MetricSummary::name);
        return metric == run.metrics.end() ? std::string() : number_text(metric->last);
      });
}

}  // namespace

std::vector<DiffSection> diff_runs(const std::vector<Run>& runs) {
  Comparison comparison(runs);
  compare_configs(comparison);
  compare_code(comparison);
  compare_inputs(comparison);
  compare_results(comparison);
  return comparison.take();
}

}  // namespace smflow::records
