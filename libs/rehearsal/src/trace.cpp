#include <algorithm>

#include <smflow/base/json.hpp>
#include <smflow/plan/training_position.hpp>
#include <smflow/rehearsal/trace.hpp>

namespace smflow::rehearsal {

namespace {

void note_line(Trace& trace, std::string_view text) {
  const Json line = Json::parse(text, nullptr, false);
  if (!line.is_object()) return;
  const auto number = line.find("step");
  if (number == line.end() || !number->is_number_integer()) return;
  const auto step = number->get<std::int64_t>();
  const bool has_values = line.contains("m") && line["m"].is_object();
  const Json event = line.value("event", Json());
  if (!has_values && !event.is_string()) return;
  if (event == "resume" && !trace.resumed_at) trace.resumed_at = step;
  if (has_values) trace.first = std::min(step, trace.first.value_or(step));
  const Json epoch = line.value("epoch", Json());
  if (has_values && epoch.is_number_integer()) trace.epoch = epoch.get<std::int64_t>();
  if (trace.last && step < *trace.last) return;
  trace.last = step;
  trace.last_is_exact = event.is_string();
}

template <class Work>
void for_each_line(std::string_view text, const Work& work) {
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    work(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
}

}  // namespace

Trace read_trace(std::string lines) {
  Trace trace;
  trace.metrics = records::parse_metric_lines(lines);
  for_each_line(lines, [&](std::string_view line) { note_line(trace, line); });
  trace.lines = std::move(lines);
  return trace;
}

records::RunMetrics merged_metrics(const std::vector<Trace>& starts) {
  std::string lines;
  for (const Trace& start : starts) lines += start.lines;
  return records::parse_metric_lines(lines);
}

void TraceReader::add_log_line(std::string_view line) {
  if (line.starts_with("{")) json_.append(line).push_back('\n');
  const auto at = plan::training_position(line);
  if (!at) return;
  Json values = Json::object();
  patterns_.read(line, [&](const std::string& name, double value) { values[name] = value; });
  if (values.empty()) return;
  const std::int64_t step = static_cast<std::int64_t>(at->epoch) * at->batches + at->batch;
  const Json entry{{"step", step}, {"epoch", at->epoch}, {"m", values}};
  found_ += entry.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Trace TraceReader::trace(const std::string& files) const {
  for (const std::string* lines : {&files, &json_}) {
    Trace trace = read_trace(*lines);
    if (trace.first || trace.resumed_at) return trace;
  }
  return read_trace(found_);
}

}  // namespace smflow::rehearsal
