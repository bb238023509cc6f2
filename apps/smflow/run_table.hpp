#pragma once

#include <cstdio>
#include <string>
#include <vector>

#include <smflow/base/terminal.hpp>
#include <smflow/records/run_filter.hpp>

namespace smflow::cli {

// Rows of texts under a line of names.
struct Table {
  std::vector<std::string> names;
  std::vector<std::vector<std::string>> rows;
};

// In columns, the names bold.
void print_columns(std::FILE* out, const Screen& screen, const Table& table);
// One line a row, its texts separated by tabs: for other programs.
void print_tabs(std::FILE* out, const Table& table);

using RunList = std::vector<const records::RunSummary*>;

struct TableOptions {
  // "GENERATOR.LATENT_SIZE", "generator/loss", "+COMMIT", "-WHEN": without signs exactly these, with them beside the
  // usual ones. Empty: the usual ones.
  std::vector<std::string> columns;
  bool for_people = false;  // short names, relative times
  WallTime now = {};
};

// Those of `columns` that are asked for and are an option or a metric of the runs.
std::vector<std::string> names_of_values(const std::vector<std::string>& columns);

// RUN, WHEN, BY, TARGET, STATE, TIME, then the options that differ among the runs, then their metrics.
Table run_table(const RunList& runs, const TableOptions& options);

// The three figures that people compare: 0.4123, 2.1e-05, 1200.
std::string short_number(double value);

}  // namespace smflow::cli
