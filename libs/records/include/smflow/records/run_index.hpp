#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <smflow/records/run.hpp>

// Finding runs among many. Beside its record each run has cards, small objects that are written once:
//
//   smflow/v1/started/<yyyy-mm>/<DDTHHMMSSZ>~<run>.json   with the record
//   smflow/v1/ended/<yyyy-mm>/<DDTHHMMSSZ>~<run>.json     with the outcome; says all that the other says, too
//
// The index lists both folders, and reads those cards only that its cache on this machine does not know. No server, no
// lock: a card never changes, so a listing says everything that another machine has added or removed.
namespace smflow::records {

// What a card tells of a run.
struct RunSummary {
  std::string name;
  std::string record_key;
  std::string card_stem;  // "2026-11/23T130245Z~gan-20261123-130245-7f3a2"
  std::string experiment;
  std::string user;
  std::string host;
  WallTime created = {};
  std::string mode;
  std::string instance_type;
  std::int64_t instance_count = 1;
  std::string region = {};  // of a job on SageMaker; empty in older cards
  bool spot = false;
  std::chrono::seconds max_run_time{0};
  std::string commit;
  bool dirty = false;
  std::string image;  // its digest, or its URI where that is not known
  std::string config_hash;
  std::string data_hash;
  std::string parent;
  RunState state = RunState::open;
  std::string reason;
  WallTime started = {};  // 0: not known, as the next two
  WallTime ended = {};
  std::chrono::seconds billable_time{0};
  // "training:GENERATOR.LATENT_SIZE" and the value as JSON, sorted, the texts shared by all runs of an index.
  std::vector<std::pair<std::string_view, std::string_view>> parameters = {};
  std::vector<std::string_view> changed = {};  // those paths that are not at their default, sorted
  std::vector<MetricSummary> metrics = {};

  // The part of the name before the time, and the random tail that people type.
  std::string_view base_name() const;
  std::string_view short_name() const;
  // Empty: there is none. `path` with or without the config's name before it.
  std::string_view parameter(std::string_view path) const;
  const MetricSummary* metric(std::string_view metric_name) const;
  std::chrono::milliseconds duration(WallTime now) const;
};

struct IndexOptions {
  std::filesystem::path cache;  // a folder of this user; empty: no cache
  WallTime now = {};
  std::function<void(std::size_t done, std::size_t total)> progress = {};  // of cards that have to be read
};

// Every run of a bucket, the newest first.
class RunIndex {
 public:
  // Asks the bucket. A card that cannot be understood is passed over.
  static Result<RunIndex> open(storage::Store& bucket, const IndexOptions& options);
  ~RunIndex();
  RunIndex(RunIndex&&) noexcept;
  RunIndex& operator=(RunIndex&&) noexcept;

  const std::vector<RunSummary>& runs() const;
  std::size_t cards_read() const;
  const std::vector<std::string>& not_understood() const;  // keys

  // By whole name, by a beginning or the random tail while that is unique, "latest", "latest~2". E372: no such run.
  // E373: several.
  Result<const RunSummary*> find(std::string_view wanted) const;

 private:
  class Content;
  explicit RunIndex(std::unique_ptr<Content> content);

  std::unique_ptr<Content> content_;
};

// What the cache alone knows, of all buckets: for completion in a shell.
struct CachedWords {
  std::vector<std::string> names;  // of the runs, the newest first
  std::set<std::string> experiments = {};
  std::set<std::string> users = {};
  std::set<std::string> metrics = {};
};
CachedWords cached_words(const std::filesystem::path& cache);

// The key of a run's record, by its whole name and one request; none without a card.
std::optional<std::string> record_of(storage::Store& bucket, std::string_view run);

// The keys of what tells of a run beside its record: its cards, and the lists that may have them.
Result<std::vector<std::string>> keys_of_cards(storage::Store& bucket, const RunSummary& run);

// Writes the cards of runs that have none, as those of an earlier version; how many runs that were. Lists everything in
// the bucket.
Result<std::size_t> add_missing_cards(storage::Store& bucket);

}  // namespace smflow::records
