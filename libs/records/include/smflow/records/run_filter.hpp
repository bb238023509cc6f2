#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <smflow/records/run_index.hpp>

namespace smflow::records {

// "GENERATOR.LATENT_SIZE=100", "training:TRAINING.NUM_EPOCHS>=10", "generator/loss<2": of an option, or of the last
// value of a metric. Numbers are compared as numbers, anything else as text; a run without the value does not match.
// NaN equals NaN and nothing else.
struct Condition {
  std::string name;
  std::string comparison;  // = != < <= > >=
  std::string value;

  bool matches(const RunSummary& run) const;
};
// None when there is no comparison, or nothing before it.
std::optional<Condition> parse_condition(std::string_view text);

// What a run has to be; empty members ask for nothing.
struct RunFilter {
  std::string experiment;  // itself, what is below it, or a pattern with * and ?
  std::string user;
  std::vector<RunState> states;
  std::optional<WallTime> since;
  std::vector<Condition> where;

  bool matches(const RunSummary& run) const;
};

// What a run has under a name: one of its options, or the last value of one of its metrics; empty when it has neither.
std::string value_of(const RunSummary& run, std::string_view name);

// By the value under `name`, the smallest first, or the greatest with a '-' before the name. NaN comes after all
// others, and runs without the value come last; equal ones stay as they are.
void sort_by(std::vector<const RunSummary*>& runs, std::string_view name);

// '*' is any text, '?' one character.
bool matches_pattern(std::string_view text, std::string_view pattern);

}  // namespace smflow::records
