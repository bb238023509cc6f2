#include "run_reader.hpp"

#include <algorithm>
#include <mutex>

#include <unistd.h>

#include <smflow/base/parallel.hpp>

namespace smflow::board {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t most_pictures = 24;
constexpr std::string_view record_name = "record.json";

std::string this_host() {
  char name[256] = {};
  return ::gethostname(name, sizeof name - 1) == 0 ? name : "";
}

// `objects` are sorted by key, so those of one run stand together.
std::vector<Files> runs_among(storage::Store& bucket, const std::vector<storage::ObjectInfo>& objects) {
  std::vector<Files> runs;
  for (const storage::ObjectInfo& object : objects) {
    const std::string& key = object.key;
    if (!key.ends_with("/" + std::string(record_name))) continue;
    Files files{&bucket, key.substr(0, key.size() - record_name.size()), {}};
    auto at = std::lower_bound(objects.begin(), objects.end(), files.prefix,
                               [](const storage::ObjectInfo& a, const std::string& prefix) { return a.key < prefix; });
    for (; at != objects.end() && at->key.starts_with(files.prefix); ++at) files.objects.push_back(*at);
    runs.push_back(std::move(files));
  }
  return runs;
}

// Names end with the time of the start; those that do not are taken as old.
std::string time_in_name(const Files& run) {
  constexpr std::size_t time_and_tail = 21;  // "20261123-130245-7f3a2"
  const std::string name = fs::path(run.prefix).parent_path().filename();
  return name.size() > time_and_tail ? name.substr(name.size() - time_and_tail) : "";
}

Files files_of(storage::Store& store, std::string prefix) {
  auto objects = store.list(prefix);
  if (!prefix.empty()) prefix += "/";
  return {&store, prefix, objects ? *std::move(objects) : std::vector<storage::ObjectInfo>()};
}

// The folder of a job that runs on this machine now.
std::unique_ptr<storage::Store> running_job(const RecordedRun& recorded, const GatherOptions& options) {
  const fs::path& work = recorded.work_directory.empty() ? options.running : recorded.work_directory;
  std::error_code failed;
  if (work.empty() || recorded.mode == "sagemaker" || !fs::is_directory(work / recorded.run.id, failed)) return nullptr;
  auto store = storage::open_store("file://" + fs::absolute(work / recorded.run.id).string());
  return store ? *std::move(store) : nullptr;
}

void add_running(storage::Store& job, bool detailed, std::size_t most, std::uint64_t budget, RecordedRun& recorded) {
  const Files results = files_of(job, "algo-1/ml/output/data");
  add_metrics(results, recorded);
  if (!detailed) return;
  add_pictures(results, chosen_pictures(results.below("samples/"), most, budget), recorded);
  Files logs{&job, "", {}};
  if (const std::string log = "algo-1.txt"; job.exists(log).value_or(false)) logs.objects.push_back({.key = log});
  add_log(logs, recorded);
}

void judge_open(RecordedRun& recorded, const GatherOptions& options, WallTime now) {
  constexpr std::chrono::minutes slack{60};
  const bool over = now > recorded.run.created + std::chrono::seconds(recorded.longest_seconds) + slack;
  // A job of this machine has a folder while it runs.
  const bool gone = recorded.mode == "process" && !options.running.empty() && recorded.run.host == this_host() &&
                    now > recorded.run.created + std::chrono::minutes(1);
  if (!over && !gone) return;
  recorded.run.state = "lost";
  recorded.run.started.reset();
}

struct Wanted {
  Files files;
  bool detailed = false;
  std::vector<storage::ObjectInfo> pictures = {};
};

// The newest runs first, each with what is to be read of it.
std::vector<Wanted> wanted_of(std::vector<Files> found, const GatherOptions& options) {
  std::stable_sort(found.begin(), found.end(),
                   [](const Files& a, const Files& b) { return time_in_name(a) > time_in_name(b); });
  std::vector<Wanted> wanted;
  std::uint64_t budget = options.picture_bytes;
  for (Files& files : found) {
    Wanted one{.files = std::move(files), .detailed = wanted.size() < options.detailed};
    if (one.detailed) one.pictures = chosen_pictures(one.files.below("samples/"), most_pictures, budget);
    wanted.push_back(std::move(one));
  }
  return wanted;
}

Result<RecordedRun> read_run(const Wanted& wanted, const GatherOptions& options, WallTime now) {
  const Files& files = wanted.files;
  const auto text = files.get(record_name);
  if (!text) return tl::unexpected(text.error());
  auto recorded = read_record(*text, files.store->uri(files.prefix + std::string(record_name)));
  if (!recorded) return recorded;
  if (const auto outcome = files.has("outcome.json") ? files.get("outcome.json") : tl::unexpected(Error{})) {
    add_outcome(*outcome, *recorded);
  } else if (const auto job = running_job(*recorded, options)) {
    add_running(*job, wanted.detailed, most_pictures, options.picture_bytes / 4, *recorded);
    return recorded;
  } else {
    judge_open(*recorded, options, now);
  }
  add_metrics(files, *recorded);
  if (!wanted.detailed) return recorded;
  add_pictures(files, wanted.pictures, *recorded);
  Files logs = files;
  logs.objects = files.below("logs/");
  add_log(logs, *recorded);
  return recorded;
}

Run finished(RecordedRun recorded, bool detailed, ParameterTable& parameters) {
  for (const auto& [name, value, changed] : recorded.parameters)
    parameters.set(recorded.run.parameters, name, value, changed);
  if (detailed) recorded.run.detail = std::make_shared<const Detail>(std::move(recorded.detail));
  return std::move(recorded.run);
}

}  // namespace

Result<Board> Gatherer::gather(WallTime now) {
  auto objects = bucket_.list(options_.prefix);
  if (!objects) return tl::unexpected(std::move(objects).error());
  const std::vector<Wanted> wanted = wanted_of(runs_among(bucket_, *objects), options_);
  left_out_.clear();
  Board board{.title = options_.prefix.empty() ? "Runs" : options_.prefix,
              .source = bucket_.uri(),
              .version = options_.version,
              .made = now,
              .parameters = {},
              .runs = {}};
  std::mutex mutex;
  std::size_t done = 0;
  const auto take = [&](std::size_t index, std::stop_token) -> Result<void> {
    const std::string& key = wanted[index].files.prefix;
    std::unique_lock lock(mutex);
    const auto known = ended_.find(key);
    if (known != ended_.end()) {
      board.runs.push_back(known->second);
    } else {
      lock.unlock();
      auto recorded = read_run(wanted[index], options_, now);
      lock.lock();
      keep(key, std::move(recorded), wanted[index].detailed, board);
    }
    if (options_.progress) options_.progress(++done, wanted.size());
    return {};
  };
  auto all = in_parallel(wanted.size(), std::max(2, bucket_.transfers_at_once()), {}, take);
  if (!all) return tl::unexpected(std::move(all).error());
  std::sort(board.runs.begin(), board.runs.end(),
            [](const Run& a, const Run& b) { return a.created != b.created ? a.created > b.created : a.id > b.id; });
  board.parameters = parameters_;
  return board;
}

void Gatherer::keep(const std::string& key, Result<RecordedRun> recorded, bool detailed, Board& board) {
  if (!recorded) {
    left_out_.push_back(std::move(recorded).error());
    return;
  }
  board.runs.push_back(finished(*std::move(recorded), detailed, parameters_));
  const std::string& state = board.runs.back().state;
  if (state != "running" && state != "lost") ended_.emplace(key, board.runs.back());
}

}  // namespace smflow::board
