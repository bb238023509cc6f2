#include "run_reader.hpp"

#include <algorithm>
#include <mutex>

#include <smflow/base/parallel.hpp>
#include <smflow/board/gather.hpp>
#include <smflow/records/run_filter.hpp>

namespace smflow::board {

namespace {

constexpr std::size_t most_pictures = 24;

Error no_card(const storage::Store& bucket, const std::string& key) {
  return {.code = "E341",
          .exit = ExitCode::configuration,
          .message = "'" + bucket.uri(key) + "' is not the card of a run",
          .fix = "the run is left out of the board; look at the file"};
}

// The details of some runs, each read from a thread of its own.
class Details {
 public:
  Details(storage::Store& bucket, const GatherOptions& options) : bucket_(bucket), options_(options) {}

  // `logs`: one a run.
  Result<void> read(const std::vector<const records::RunSummary*>& runs,
                    const std::vector<std::shared_ptr<FollowedLog>>& logs) {
    reads_.resize(runs.size(), tl::unexpected(Error{}));
    return each(runs.size(), [&](std::size_t index) {
      reads_[index] = read_run(bucket_, *runs[index], options_.running, *logs[index]);
    });
  }

  // `budget`: bytes of all of them.
  Result<void> read_pictures(std::uint64_t budget) {
    std::vector<std::pair<ReadRun*, RunFile>> wanted;
    for (Result<ReadRun>& read : reads_) {
      if (!read) continue;
      for (RunFile& picture : chosen_pictures(read->files, most_pictures, budget)) {
        wanted.emplace_back(&*read, std::move(picture));
      }
    }
    return each(wanted.size(), [&](std::size_t index) {
      auto& [read, picture] = wanted[index];
      auto bytes = (read->job ? *read->job : bucket_).get(picture.key);
      const auto sample = std::ranges::find(read->detail.samples, picture.name, &Sample::file);
      if (bytes && sample != read->detail.samples.end()) sample->picture = *std::move(bytes);
    });
  }

  Result<ReadRun>& at(std::size_t index) { return reads_[index]; }

 private:
  template <class Work>
  Result<void> each(std::size_t count, const Work& work) {
    std::mutex mutex;
    std::size_t done = 0;
    return in_parallel(count, std::max(2, bucket_.transfers_at_once()), {},
                       [&](std::size_t index, std::stop_token) -> Result<void> {
                         work(index);
                         const std::lock_guard lock(mutex);
                         if (options_.progress) options_.progress(++done, count);
                         return {};
                       });
  }

  storage::Store& bucket_;
  const GatherOptions& options_;
  std::vector<Result<ReadRun>> reads_;
};

std::uint64_t picture_bytes(const Run& run) {
  std::uint64_t bytes = 0;
  if (!run.detail) return 0;
  for (const Sample& sample : run.detail->samples) bytes += sample.picture.size();
  return bytes;
}

void add_read(ReadRun read, ParameterTable& parameters, Run& run) {
  // A card has no long values.
  for (const records::Parameter& one : read.record.parameters) {
    parameters.set(run.parameters, one.config + ":" + one.path, one.value, one.changed);
  }
  if (!read.metrics.empty()) run.metrics = std::move(read.metrics);
  run.detail = std::make_shared<const Detail>(std::move(read.detail));
}

bool has_ended(const records::RunSummary& run) {
  return run.state != records::RunState::open && run.state != records::RunState::lost;
}

}  // namespace

Result<Board> Gatherer::gather(WallTime now) {
  auto index = records::RunIndex::open(bucket_, {.cache = options_.cache, .now = now, .progress = options_.progress});
  if (!index) return tl::unexpected(std::move(index).error());
  left_out_.clear();
  for (const std::string& key : index->not_understood()) left_out_.push_back(no_card(bucket_, key));
  const records::RunFilter filter{
      .experiment = options_.experiment, .user = {}, .states = {}, .since = {}, .where = {}};
  std::vector<const records::RunSummary*> found;
  std::vector<Run> runs;
  for (const records::RunSummary& run : index->runs()) {
    if (!filter.matches(run)) continue;
    found.push_back(&run);
    const auto known = ended_.find(run.record_key);
    runs.push_back(known != ended_.end() ? known->second : row_of(run, parameters_));
  }
  if (auto added = add_details(found, runs); !added) return tl::unexpected(std::move(added).error());
  for (std::size_t i = 0; i < runs.size(); ++i) {
    if (!has_ended(*found[i])) continue;
    logs_.erase(found[i]->record_key);
    Run& known = ended_[found[i]->record_key];
    if (known.id.empty() || (runs[i].detail && !known.detail)) known = runs[i];
  }
  return Board{.title = options_.experiment.empty() ? "Runs" : options_.experiment,
               .source = bucket_.uri(),
               .version = options_.version,
               .made = now,
               .parameters = parameters_,
               .runs = std::move(runs)};
}

Result<void> Gatherer::add_details(const std::vector<const records::RunSummary*>& found, std::vector<Run>& runs) {
  std::uint64_t budget = options_.picture_bytes;
  std::vector<const records::RunSummary*> wanted;
  std::vector<std::size_t> places;
  std::vector<std::shared_ptr<FollowedLog>> logs;
  for (std::size_t i = 0; i < std::min(options_.detailed, runs.size()); ++i) {
    if (runs[i].detail) {
      budget -= std::min(budget, picture_bytes(runs[i]));
    } else {
      wanted.push_back(found[i]);
      places.push_back(i);
      std::shared_ptr<FollowedLog>& log = logs_[found[i]->record_key];
      if (!log) log = std::make_shared<FollowedLog>();
      logs.push_back(log);
    }
  }
  Details details(bucket_, options_);
  if (auto read = details.read(wanted, logs); !read) return read;
  if (auto read = details.read_pictures(budget); !read) return read;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (details.at(i)) {
      if (details.at(i)->no_metrics) left_out_.push_back(*details.at(i)->no_metrics);
      add_read(*std::move(details.at(i)), parameters_, runs[places[i]]);
    } else {
      left_out_.push_back(details.at(i).error());
    }
  }
  return {};
}

}  // namespace smflow::board
