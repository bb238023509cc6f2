#include "run_reader.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include <smflow/base/text.hpp>

namespace smflow::board {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view samples_folder = "samples/";

std::string target_of(const records::RunSummary& run) {
  std::string target = run.instance_type;
  if (run.instance_count > 1) target += " × " + std::to_string(run.instance_count);
  return run.spot ? target + ", spot" : target;
}

std::optional<WallTime> known(WallTime time) {
  return time == WallTime{} ? std::nullopt : std::optional(time);
}

Metric metric_of(const records::MetricSummary& one) {
  const bool has_numbers = one.points > 0;
  return {.name = one.name,
          .last = one.last,
          .least = has_numbers ? one.least : NAN,
          .greatest = has_numbers ? one.greatest : NAN};
}

std::vector<Metric> metrics_of(const std::vector<records::MetricSummary>& summaries) {
  std::vector<Metric> metrics;
  for (const records::MetricSummary& one : summaries) metrics.push_back(metric_of(one));
  return metrics;
}

std::string command_line(const std::vector<std::string>& argv) {
  std::vector<std::string> words;
  for (const std::string& word : argv) words.push_back(shell_quote(word));
  return join(words, " ");
}

std::string source_of(const records::SourceState& state) {
  std::string source = state.commit.substr(0, 12);
  if (!state.branch.empty()) source += " on " + state.branch;
  return state.dirty ? source + ", with changes" : source;
}

std::vector<Named> artifacts_of(const records::Run& run) {
  std::vector<Named> artifacts;
  for (const auto& [name, uri] : run.outputs) {
    if (name == "record" || name == "checkpoints") artifacts.emplace_back(name, uri);
  }
  for (const auto& [name, uri] : run.artifacts) artifacts.emplace_back(uri.substr(uri.rfind('/') + 1), uri);
  return artifacts;
}

Detail detail_of(const records::Run& run) {
  Detail detail{.reason = run.reason,
                .command = command_line(run.argv),
                .replicate = run.replicate_command,
                .why_not_exact = run.why_not_exact,
                .image = run.image_uri + (run.image_digest.empty() ? "" : " @ " + run.image_digest),
                .source = source_of(run.source),
                .config_hash = run.config_hash,
                .tool = run.tool_version,
                .artifacts = artifacts_of(run)};
  if (run.outcome.is_object()) detail.exit_code = run.exit_code;
  for (const records::Phase& phase : run.phases) {
    if (phase.start != WallTime{}) detail.phases.push_back(phase);
  }
  for (const records::DataState& data : run.data) detail.data.emplace_back(data.channel, data.uri);
  return detail;
}

std::vector<RunFile> recorded_files(const records::Run& run) {
  std::vector<RunFile> files;
  for (const storage::ObjectInfo& file : run.files) {
    files.push_back({file.key, run.record_key + "/" + file.key, file.size});
  }
  return files;
}

// The folder of a job that runs on this machine now.
std::shared_ptr<storage::Store> running_job(const records::Run& run, const fs::path& jobs) {
  const records::Parameter* own = run.parameter("sagemaker:LOCAL.WORK_DIR");
  const bool elsewhere = own != nullptr && own->value.is_string() && own->value != "";
  const fs::path work = elsewhere ? fs::path(own->value.get<std::string>()) : jobs;
  std::error_code failed;
  if (work.empty() || run.mode == "sagemaker" || !fs::is_directory(work / run.name, failed)) return nullptr;
  auto store = storage::open_store("file://" + fs::absolute(work / run.name).string());
  return store ? *std::move(store) : nullptr;
}

std::optional<std::uint64_t> size_of(const storage::Store& job, const std::string& key) {
  const auto file = storage::file_uri_path(job.uri(key));
  std::error_code missing;
  const std::uint64_t size = file ? fs::file_size(*file, missing) : 0;
  return file && !missing ? std::optional(size) : std::nullopt;
}

// What the hosts of a job have written. Where several have a file of one name, the first host's is shown.
std::vector<RunFile> running_files(storage::Store& job, int hosts) {
  std::vector<RunFile> files;
  std::set<std::string> names;
  for (int number = 1; number <= hosts; ++number) {
    const std::string host = "algo-" + std::to_string(number);
    const std::string log = host + ".txt";
    if (const auto size = size_of(job, log)) files.push_back({"logs/" + log, log, *size});
    const std::string results = host + "/ml/output/data";
    const auto listed = job.list(results);
    if (!listed) continue;
    for (const storage::ObjectInfo& object : *listed) {
      std::string name = object.key.substr(results.size() + 1);
      if (names.insert(name).second) files.push_back({std::move(name), object.key, object.size});
    }
  }
  return files;
}

records::RunMetrics running_metrics(storage::Store& job, const std::vector<RunFile>& files, const records::Run& run,
                                    FollowedLog& log) {
  constexpr std::uint64_t most_read = 1ull << 30;
  std::string lines;
  for (const RunFile& file : files) {
    if (!file.name.starts_with("metrics/") || !file.name.ends_with(".jsonl")) continue;
    if (const auto text = job.get(file.key, most_read)) lines += *text + "\n";
  }
  records::RunMetrics metrics = records::parse_metric_lines(lines);
  const auto first_host = std::ranges::find(files, "logs/algo-1.txt", &RunFile::name);
  if (metrics.series.empty() && first_host != files.end()) metrics.series = log.read(job, *first_host, run).series;
  return metrics;
}

std::vector<Series> curves_of(const records::RunMetrics& metrics) {
  std::vector<Series> curves;
  for (const records::MetricSeries& series : metrics.series) {
    Series curve{.name = series.name, .points = {}};
    curve.points.reserve(series.points.size());
    for (const records::MetricPoint& point : series.points) {
      curve.points.push_back({point.step, point.time, point.value});
    }
    curves.push_back(std::move(curve));
  }
  return curves;
}

// Of "samples/epoch-0012.png" the 12.
std::int64_t epoch_of(std::string_view file) {
  const std::size_t last = file.find_last_of("0123456789");
  if (last == std::string_view::npos) return 0;
  std::size_t first = last;
  while (first > 0 && file[first - 1] >= '0' && file[first - 1] <= '9') --first;
  if (last - first > 15) return 0;
  return std::stoll(std::string(file.substr(first, last - first + 1)));
}

std::vector<Sample> samples_of(const std::vector<RunFile>& files, const records::RunMetrics& metrics) {
  std::vector<Sample> samples;
  for (const RunFile& file : files) {
    if (!file.name.starts_with(samples_folder)) continue;
    Sample sample{.epoch = epoch_of(file.name), .step = {}, .file = file.name, .picture = {}};
    const auto step = metrics.sample_steps.find(file.name);
    if (step != metrics.sample_steps.end()) sample.step = step->second;
    samples.push_back(std::move(sample));
  }
  std::ranges::stable_sort(samples, {}, &Sample::epoch);
  return samples;
}

std::string_view from_next_line(std::string_view text) {
  text.remove_prefix(std::min(text.find('\n') + 1, text.size()));
  return text;
}

// The ends of the logs, of each host its share.
Log read_logs(storage::Store& store, const std::vector<RunFile>& files) {
  constexpr std::size_t most_shown = 32 << 10;
  constexpr std::size_t most_logs = 16;
  std::vector<RunFile> logs;
  Log log;
  for (const RunFile& file : files) {
    if (!file.name.starts_with("logs/") || !file.name.ends_with(".txt")) continue;
    logs.push_back(file);
    log.left_out += file.size;
  }
  if (logs.empty()) return log;
  log.file = logs.front().name;
  if (logs.size() > 1) log.file += " and " + std::to_string(logs.size() - 1) + " more";
  logs.resize(std::min(logs.size(), most_logs));
  const std::uint64_t share = most_shown / logs.size();
  for (const RunFile& file : logs) {
    const auto text = store.get_range(file.key, file.size - std::min(file.size, share), share);
    if (!text) continue;
    const std::string_view shown = file.size > share ? from_next_line(*text) : *text;
    if (logs.size() > 1) log.text += "== " + file.name + " ==\n";
    log.text += printable(shown);
    log.left_out -= std::min<std::uint64_t>(file.size, shown.size());
  }
  return log;
}

}  // namespace

records::RunMetrics FollowedLog::read(storage::Store& job, const RunFile& log, const records::Run& run) {
  constexpr std::uint64_t piece = 8 << 20;
  if (!reader_ || log.size < read_) {
    reader_.emplace(run);
    read_ = 0;
  }
  while (read_ < log.size) {
    const auto text = job.get_range(log.key, read_, std::min(piece, log.size - read_));
    if (!text || text->empty()) break;
    reader_->add(*text);
    read_ += text->size();
  }
  return reader_->metrics();
}

Result<ReadRun> read_run(storage::Store& bucket, const records::RunSummary& run, const fs::path& jobs,
                         FollowedLog& log) {
  auto record = records::read_run(bucket, run.record_key);
  if (!record) return tl::unexpected(std::move(record).error());
  ReadRun read{.record = *std::move(record), .detail = {}};
  read.detail = detail_of(read.record);
  if (read.record.state == records::RunState::open) read.job = running_job(read.record, jobs);
  read.files = read.job ? running_files(*read.job, read.record.instance_count) : recorded_files(read.record);
  auto found =
      read.job ? running_metrics(*read.job, read.files, read.record, log) : records::read_metrics(bucket, read.record);
  if (!found) read.no_metrics = found.error();
  const records::RunMetrics metrics = found ? *std::move(found) : records::RunMetrics{};
  read.metrics = metrics_of(records::summarize(metrics));
  read.detail.series = curves_of(metrics);
  read.detail.samples = samples_of(read.files, metrics);
  read.detail.log = read_logs(read.job ? *read.job : bucket, read.files);
  return read;
}

Run row_of(const records::RunSummary& summary, ParameterTable& parameters) {
  const bool is_open = summary.state == records::RunState::open;
  Run run{.id = summary.name,
          .experiment = summary.experiment,
          .user = summary.user,
          .host = summary.host,
          .target = target_of(summary),
          .state = is_open ? "running" : records::to_string(summary.state),
          .created = summary.created,
          .started = is_open ? summary.created : known(summary.started),
          .ended = known(summary.ended),
          .parameters = {},
          .metrics = metrics_of(summary.metrics),
          .detail = {}};
  for (const auto& [path, value] : summary.parameters) {
    parameters.set_json(run.parameters, path, value, std::ranges::binary_search(summary.changed, path));
  }
  return run;
}

std::vector<RunFile> chosen_pictures(const std::vector<RunFile>& files, std::size_t most, std::uint64_t& budget) {
  std::vector<RunFile> pictures;
  std::ranges::copy_if(files, std::back_inserter(pictures),
                       [](const RunFile& file) { return file.name.starts_with(samples_folder); });
  std::vector<RunFile> chosen;
  const std::size_t count = std::min(most, pictures.size());
  // From the last one back, so that the best of a large run is there when the budget ends.
  for (std::size_t i = count; i-- > 0;) {
    RunFile& picture = pictures[count == 1 ? pictures.size() - 1 : i * (pictures.size() - 1) / (count - 1)];
    if (picture.size > budget) break;
    budget -= picture.size;
    chosen.push_back(std::move(picture));
  }
  std::ranges::reverse(chosen);
  return chosen;
}

}  // namespace smflow::board
