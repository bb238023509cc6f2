#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <smflow/board/gather.hpp>

namespace smflow::board {

// Some objects of a store, each with the beginning of its key that is not part of its name here.
struct Files {
  storage::Store* store = nullptr;
  std::string prefix;  // ends with '/', or is empty
  std::vector<storage::ObjectInfo> objects;

  std::vector<storage::ObjectInfo> below(std::string_view folder) const;
  bool has(std::string_view name) const;
  std::string name(const storage::ObjectInfo& object) const { return object.key.substr(prefix.size()); }
  Result<std::string> get(std::string_view name) const { return store->get(prefix + std::string(name)); }
};

// The pictures of a run that are worth their bytes: at most `most` spread evenly over the epochs, the last always,
// while `budget`, which they are taken from, lasts.
std::vector<storage::ObjectInfo> chosen_pictures(std::vector<storage::ObjectInfo> pictures, std::size_t most,
                                                 std::uint64_t& budget);

// What stands in record.json; E341 when it is no record.
struct RecordedRun {
  Run run;
  Detail detail;
  std::vector<std::tuple<std::string, OrderedJson, bool>> parameters;  // name, value, changed
  std::string mode;
  std::filesystem::path work_directory;
  std::int64_t longest_seconds = 0;
};
Result<RecordedRun> read_record(const std::string& text, const std::string& where);
// Adds what stands in outcome.json.
void add_outcome(const std::string& text, RecordedRun& recorded);

// Curves of a run, and what its detail shows of samples and logs.
void add_metrics(const Files& results, RecordedRun& recorded);
void add_pictures(const Files& results, const std::vector<storage::ObjectInfo>& chosen, RecordedRun& recorded);
void add_log(const Files& logs, RecordedRun& recorded);

}  // namespace smflow::board
