#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <smflow/board/board.hpp>
#include <smflow/records/run_index.hpp>
#include <smflow/records/run_metrics.hpp>
#include <smflow/storage/store.hpp>

namespace smflow::board {

// A file that a run has left, or that its job on this machine has written so far.
struct RunFile {
  std::string name;  // "samples/epoch-0001.png"
  std::string key;
  std::uint64_t size = 0;
};

// What is read of a run beside its card.
struct ReadRun {
  records::Run record;
  Detail detail;  // its pictures have no bytes yet
  std::vector<Metric> metrics = {};
  std::optional<Error> no_metrics = {};  // why they could not be read
  std::vector<RunFile> files = {};
  std::shared_ptr<storage::Store> job = {};  // the folder of a job that runs on this machine, where `files` are then
};

// The log of a job that runs, whose metrics are in nothing else: what has been read is not read again.
class FollowedLog {
 public:
  records::RunMetrics read(storage::Store& job, const RunFile& log, const records::Run& run);

 private:
  std::optional<records::LogMetricsReader> reader_;
  std::uint64_t read_ = 0;
};

// A job without an outcome is looked for below `jobs`, unless its config names another place.
Result<ReadRun> read_run(storage::Store& bucket, const records::RunSummary& run, const std::filesystem::path& jobs,
                         FollowedLog& log);

// The row of a run.
Run row_of(const records::RunSummary& run, ParameterTable& parameters);

// The pictures of a run that are worth their bytes: at most `most` spread evenly over the epochs, the last always,
// while `budget`, which they are taken from, lasts.
std::vector<RunFile> chosen_pictures(const std::vector<RunFile>& files, std::size_t most, std::uint64_t& budget);

}  // namespace smflow::board
