#include "run_reader.hpp"

#include "metric_lines.hpp"

#include <algorithm>
#include <cstdio>
#include <ctime>

#include <smflow/base/text.hpp>

namespace smflow::board {

namespace {

// Null for what is not there.
const Json& at(const Json& json, std::initializer_list<const char*> path) {
  static const Json null;
  const Json* here = &json;
  for (const char* name : path) {
    if (!here->is_object()) return null;
    const auto found = here->find(name);
    if (found == here->end()) return null;
    here = &*found;
  }
  return *here;
}

std::string text_at(const Json& json, std::initializer_list<const char*> path) {
  const Json& found = at(json, path);
  return found.is_string() ? found.get<std::string>() : std::string();
}

std::int64_t number_at(const Json& json, std::initializer_list<const char*> path, std::int64_t otherwise) {
  const Json& found = at(json, path);
  return found.is_number_integer() ? found.get<std::int64_t>() : otherwise;
}

// "2026-11-23T13:02:45.118Z", as records have it.
std::optional<WallTime> time_at(const Json& json, std::initializer_list<const char*> path) {
  const std::string text = text_at(json, path);
  std::tm time{};
  int millisecond = 0;
  const int fields = std::sscanf(text.c_str(), "%4d-%2d-%2dT%2d:%2d:%2d.%3d", &time.tm_year, &time.tm_mon,
                                 &time.tm_mday, &time.tm_hour, &time.tm_min, &time.tm_sec, &millisecond);
  if (fields < 6) return std::nullopt;
  time.tm_year -= 1900;
  time.tm_mon -= 1;
  return WallTime(std::chrono::seconds(::timegm(&time))) + std::chrono::milliseconds(millisecond);
}

std::string target_of(const Json& record) {
  std::string target = text_at(record, {"target", "instance_type"});
  const std::int64_t count = number_at(record, {"target", "instance_count"}, 1);
  if (count > 1) target += " × " + std::to_string(count);
  if (at(record, {"target", "spot"}) == true) target += ", spot";
  return target;
}

void read_parameters(const Json& record, const char* config, RecordedRun& recorded) {
  const Json& changed = at(record, {"configs", "changed"});
  for (const auto& [section, options] : at(record, {"configs", "effective", config}).items()) {
    if (!options.is_object()) continue;
    for (const auto& [option, value] : options.items()) {
      const std::string name = std::string(config) + ":" + section + "." + option;
      recorded.parameters.emplace_back(name, value, changed.contains(name));
    }
  }
}

std::string command_line(const Json& argv) {
  std::vector<std::string> words;
  for (const Json& word : argv) {
    if (word.is_string()) words.push_back(shell_quote(word.get<std::string>()));
  }
  return join(words, " ");
}

std::string source_of(const Json& record) {
  const std::string commit = text_at(record, {"source", "commit"});
  const std::string branch = text_at(record, {"source", "branch"});
  std::string source = commit.substr(0, 12);
  if (!branch.empty()) source += " on " + branch;
  return at(record, {"source", "dirty"}) == true ? source + ", with changes" : source;
}

std::string image_of(const Json& record) {
  const std::string digest = text_at(record, {"image", "digest"});
  return text_at(record, {"image", "uri"}) + (digest.empty() ? "" : " @ " + digest);
}

Detail detail_of(const Json& record) {
  Detail detail{.command = command_line(at(record, {"invocation", "argv"})),
                .replicate = text_at(record, {"replicate", "command"}),
                .image = image_of(record),
                .source = source_of(record),
                .config_hash = text_at(record, {"configs", "hash"}),
                .tool = text_at(record, {"invocation", "tool", "version"})};
  for (const Json& why : at(record, {"replicate", "why_not_exact"})) {
    if (why.is_string()) detail.why_not_exact.push_back(why);
  }
  for (const Json& data : at(record, {"data"})) {
    detail.data.emplace_back(text_at(data, {"channel"}), text_at(data, {"uri"}));
  }
  for (const char* place : {"record", "checkpoints"}) {
    const std::string uri = text_at(record, {"outputs", place});
    if (!uri.empty()) detail.artifacts.emplace_back(place, uri);
  }
  return detail;
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

Error no_record(const std::string& where, const std::string& why) {
  return {.code = "E341",
          .exit = ExitCode::configuration,
          .message = "'" + where + "' is not the record of a run: " + why,
          .fix = "the run is left out of the board; look at the file"};
}

}  // namespace

std::vector<storage::ObjectInfo> Files::below(std::string_view folder) const {
  std::vector<storage::ObjectInfo> found;
  for (const storage::ObjectInfo& object : objects) {
    if (std::string_view(object.key).substr(prefix.size()).starts_with(folder)) found.push_back(object);
  }
  return found;
}

bool Files::has(std::string_view name) const {
  return std::any_of(objects.begin(), objects.end(), [&](const storage::ObjectInfo& object) {
    return std::string_view(object.key).substr(prefix.size()) == name;
  });
}

std::vector<storage::ObjectInfo> chosen_pictures(std::vector<storage::ObjectInfo> pictures, std::size_t most,
                                                 std::uint64_t& budget) {
  std::vector<storage::ObjectInfo> chosen;
  if (pictures.empty()) return chosen;
  const std::size_t count = std::min(most, pictures.size());
  // From the last one back, so that the best of a large run is there when the budget ends.
  for (std::size_t i = count; i-- > 0;) {
    storage::ObjectInfo& picture = pictures[count == 1 ? pictures.size() - 1 : i * (pictures.size() - 1) / (count - 1)];
    if (picture.size > budget) break;
    budget -= picture.size;
    chosen.push_back(std::move(picture));
  }
  std::reverse(chosen.begin(), chosen.end());
  return chosen;
}

Result<RecordedRun> read_record(const std::string& text, const std::string& where) {
  const auto record = parse_json(text, where);
  if (!record) return tl::unexpected(no_record(where, record.error().message));
  RecordedRun recorded;
  Run& run = recorded.run;
  run.id = text_at(*record, {"run", "id"});
  const auto created = time_at(*record, {"run", "created"});
  if (run.id.empty() || !created) return tl::unexpected(no_record(where, "it has no run.id or no run.created"));
  run.created = *created;
  run.experiment = text_at(*record, {"run", "experiment"});
  run.user = text_at(*record, {"who", "user"});
  run.host = text_at(*record, {"who", "host"});
  run.target = target_of(*record);
  run.state = "running";
  run.started = run.created;
  recorded.detail = detail_of(*record);
  recorded.mode = text_at(*record, {"target", "mode"});
  recorded.work_directory = text_at(*record, {"configs", "effective", "sagemaker", "LOCAL", "WORK_DIR"});
  recorded.longest_seconds =
      std::max(number_at(*record, {"target", "max_run_s"}, 0), number_at(*record, {"target", "max_wait_s"}, 0));
  read_parameters(*record, "sagemaker", recorded);
  read_parameters(*record, "training", recorded);
  return recorded;
}

void add_outcome(const std::string& text, RecordedRun& recorded) {
  const auto outcome = parse_json(text, "outcome.json");
  if (!outcome) return;
  recorded.run.state = text_at(*outcome, {"state"});
  recorded.run.started = time_at(*outcome, {"started"});
  recorded.run.ended = time_at(*outcome, {"ended"});
  recorded.detail.reason = text_at(*outcome, {"reason"});
  recorded.detail.exit_code = static_cast<int>(number_at(*outcome, {"exit_code"}, 0));
  for (const Json& phase : at(*outcome, {"phases"})) {
    const auto start = time_at(phase, {"start"});
    if (start)
      recorded.detail.phases.push_back(
          {text_at(phase, {"name"}), *start, time_at(phase, {"end"}), text_at(phase, {"message"})});
  }
  for (const Json& artifact : at(*outcome, {"artifacts"})) {
    const std::string uri = text_at(artifact, {"uri"});
    if (!uri.empty()) recorded.detail.artifacts.emplace_back(uri.substr(uri.find_last_of('/') + 1), uri);
  }
}

void add_metrics(const Files& results, RecordedRun& recorded) {
  MetricLines lines;
  for (const storage::ObjectInfo& object : results.below("metrics/")) {
    if (!object.key.ends_with(".jsonl")) continue;
    const auto text = results.get(results.name(object));
    if (text) read_metric_lines(*text, lines);
  }
  recorded.run.metrics = summaries(lines.series);
  recorded.detail.series = std::move(lines.series);
  for (const storage::ObjectInfo& object : results.below("samples/")) {
    const std::string file = results.name(object);
    Sample sample{.epoch = epoch_of(file), .step = {}, .file = file, .picture = {}};
    if (const auto step = lines.sample_steps.find(file); step != lines.sample_steps.end()) sample.step = step->second;
    recorded.detail.samples.push_back(std::move(sample));
  }
  std::stable_sort(recorded.detail.samples.begin(), recorded.detail.samples.end(),
                   [](const Sample& a, const Sample& b) { return a.epoch < b.epoch; });
}

void add_pictures(const Files& results, const std::vector<storage::ObjectInfo>& chosen, RecordedRun& recorded) {
  for (const storage::ObjectInfo& object : chosen) {
    const std::string file = results.name(object);
    const auto sample = std::find_if(recorded.detail.samples.begin(), recorded.detail.samples.end(),
                                     [&](const Sample& other) { return other.file == file; });
    if (sample == recorded.detail.samples.end()) continue;
    if (auto bytes = results.get(file)) sample->picture = *std::move(bytes);
  }
}

void add_log(const Files& logs, RecordedRun& recorded) {
  constexpr std::size_t most_shown = 32 << 10;
  constexpr std::uint64_t most_read = 16 << 20;
  const auto found = std::find_if(logs.objects.begin(), logs.objects.end(), [&](const storage::ObjectInfo& object) {
    return object.key.ends_with(".txt") && object.size <= most_read;
  });
  if (found == logs.objects.end()) return;
  const auto text = logs.get(logs.name(*found));
  if (!text) return;
  std::string_view shown = *text;
  if (shown.size() > most_shown) {
    shown.remove_prefix(shown.size() - most_shown);
    shown.remove_prefix(std::min(shown.find('\n') + 1, shown.size()));
  }
  recorded.detail.log = {.file = found->key, .text = printable(shown), .cut = shown.size() < text->size()};
}

}  // namespace smflow::board
