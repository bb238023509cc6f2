#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <smflow/base/clock.hpp>
#include <smflow/base/json.hpp>
#include <smflow/records/run.hpp>

// What the board shows, as plain values.
namespace smflow::board {

// The parameters of all runs, each name and each value held once: ten thousand runs differ in few of them.
class ParameterTable {
 public:
  // One entry a name, in the order of names(): 0 where the run has no such parameter, else 1 + 2 * index of its value,
  // and 1 more when that is not the default. May be shorter than names().
  using Row = std::vector<std::uint32_t>;

  void set(Row& row, std::string_view name, const OrderedJson& value, bool changed);
  void set_json(Row& row, std::string_view name, std::string_view json, bool changed);
  const std::vector<std::string>& names() const { return names_; }    // "training:TRAINING.LEARNING_RATE"
  const std::vector<std::string>& values() const { return values_; }  // as JSON

 private:
  static std::uint32_t index_of(std::string_view text, std::map<std::string, std::uint32_t, std::less<>>& known,
                                std::vector<std::string>& list);
  std::vector<std::string> names_, values_;
  std::map<std::string, std::uint32_t, std::less<>> known_names_, known_values_;
};

struct Point {
  std::int64_t step = 0;
  double time = 0;  // Unix time in seconds
  double value = 0;
};

struct Series {
  std::string name;  // "generator/loss"
  std::vector<Point> points;
};

// The last and the outermost values of one metric.
struct Metric {
  std::string name;
  double last = 0;
  double least = 0;
  double greatest = 0;
};

struct Sample {
  std::int64_t epoch = 0;
  std::optional<std::int64_t> step;
  std::string file;     // "samples/epoch-0001.png"
  std::string picture;  // the bytes of a PNG, JPEG, WebP or GIF file; anything else is named and not shown
};

struct Log {
  std::string file;
  std::string text;
  std::uint64_t left_out = 0;  // bytes before `text`, of all logs together
};

using Named = std::pair<std::string, std::string>;

// What the page of one run shows besides its row.
struct Detail {
  std::vector<records::Phase> phases = {};
  std::string reason = {};  // why it failed
  std::optional<int> exit_code = {};
  std::string command = {};
  std::string replicate = {};
  std::vector<std::string> why_not_exact = {};  // empty: a replica is exact
  std::string image = {}, source = {}, config_hash = {}, tool = {};
  std::vector<Named> data = {};       // channel, URI
  std::vector<Named> artifacts = {};  // name, URI
  std::vector<Series> series = {};
  std::vector<Sample> samples = {};  // in the order of epochs
  Log log = {};
};

struct Run {
  std::string id;
  std::string experiment, user, host;
  std::string target;  // "local", "ml.g5.xlarge, spot"
  std::string state;   // running, succeeded, failed, stopped, timed_out, lost
  WallTime created = {};
  std::optional<WallTime> started, ended;
  ParameterTable::Row parameters;
  std::vector<Metric> metrics;
  std::shared_ptr<const Detail> detail;  // null: the page has the row only
};

struct Board {
  std::string title;
  std::string source;   // where the runs are
  std::string version;  // of smflow
  WallTime made = {};
  ParameterTable parameters;
  std::vector<Run> runs;  // the newest first
};

}  // namespace smflow::board
