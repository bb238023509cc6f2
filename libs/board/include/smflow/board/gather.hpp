#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <smflow/base/error.hpp>
#include <smflow/board/board.hpp>
#include <smflow/records/run_index.hpp>
#include <smflow/storage/store.hpp>

namespace smflow::board {

class FollowedLog;

struct GatherOptions {
  std::string experiment = {};                // as records::RunFilter has it; empty: all of the bucket
  std::size_t detailed = 100;                 // so many of the newest get their curves, pictures and log
  std::uint64_t picture_bytes = 32ull << 20;  // of all pictures together, the newest runs' first
  std::filesystem::path cache = {};           // of the index of runs; empty: none
  // Where jobs of this machine live while they run, unless their config names another place; empty: nowhere.
  std::filesystem::path running = {};
  std::string version = {};
  std::function<void(std::size_t done, std::size_t total)> progress = {};  // from one thread at a time
};

// Gathers the runs of a bucket: their rows from the index of all runs, the details of the newest from their records.
// Lives shorter than `bucket`.
class Gatherer {
 public:
  Gatherer(storage::Store& bucket, GatherOptions options) : bucket_(bucket), options_(std::move(options)) {}

  // Every call looks anew, but what has ended is read once. A card that cannot be understood is left out and told of,
  // and so are the details of a run whose record cannot be read, and metrics that cannot.
  Result<Board> gather(WallTime now);
  const std::vector<Error>& left_out() const { return left_out_; }

 private:
  Result<void> add_details(const std::vector<const records::RunSummary*>& newest, std::vector<Run>& runs);

  storage::Store& bucket_;
  const GatherOptions options_;
  ParameterTable parameters_;
  std::map<std::string, Run> ended_;  // by the record's key, as the next
  std::map<std::string, std::shared_ptr<FollowedLog>> logs_;
  std::vector<Error> left_out_;
};

}  // namespace smflow::board
