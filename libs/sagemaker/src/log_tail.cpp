#include "stream_list.hpp"
#include "stream_reader.hpp"

#include <smflow/sagemaker/log_tail.hpp>

namespace smflow::sagemaker {

LogTail::LogTail(LogSource& source, Pace& pace, std::string job, LogSelection selection, Line line)
    : source_(source), pace_(pace), job_(std::move(job)), selection_(std::move(selection)), line_(std::move(line)) {
  source_.pace_repeats(&pace_);
}

LogTail::~LogTail() {
  source_.pace_repeats(nullptr);
}

aws::Outcome<LogTail::Poll> LogTail::poll() {
  constexpr int calls_before_a_pause = 100;
  Poll result;
  if (!between_) {
    const auto found = find_streams();
    if (!found) return tl::unexpected(found.error());
    result.news = *found;
    for (const auto& [name, reader] : readers_) reader->look_again();
  }
  between_ = true;
  for (int calls = 0; calls < calls_before_a_pause && !pace_.cancelled(); ++calls) {
    StreamReader* reader = hungry();
    if (reader == nullptr) break;
    if (const auto fetched = fetch(*reader); !fetched) return tl::unexpected(fetched.error());
    while (hungry() == nullptr && hand_out_next()) result.news = true;
  }
  while (hungry() == nullptr && hand_out_next()) result.news = true;
  result.complete = hungry() == nullptr;
  between_ = !result.complete;
  return result;
}

void LogTail::flush() {
  while (hand_out_next()) continue;
}

aws::Outcome<bool> LogTail::find_streams() {
  bool any = false;
  const auto listed =
      list_streams(source_, pace_, job_, [&](const std::string& stream) { any = add_stream(stream) || any; });
  if (!listed) return tl::unexpected(listed.error());
  return any;
}

bool LogTail::add_stream(const std::string& stream) {
  auto name = parse_stream_name(job_, stream);
  if (!name || readers_.contains(stream)) return false;
  if (!selection_.hosts.empty() && !selection_.hosts.contains(name->host)) return false;
  std::optional<std::int64_t> since;
  if (selection_.since) since = selection_.since->time_since_epoch().count();
  readers_[stream] = std::make_unique<StreamReader>(stream, *std::move(name), since);
  return true;
}

// A stream that is listed and not there is one that was deleted: it has no more lines.
aws::Outcome<void> LogTail::fetch(StreamReader& reader) {
  pace_.wait_for_turn();
  auto fetched = reader.fetch(source_);
  if (!fetched && fetched.error().kind == aws::AwsError::Kind::not_found) {
    reader.give_up_for_now();
    return {};
  }
  return fetched;
}

// A stream that may have a line earlier than those that wait.
StreamReader* LogTail::hungry() const {
  for (const auto& [name, reader] : readers_) {
    if (reader->waiting().empty() && !reader->at_end()) return reader.get();
  }
  return nullptr;
}

bool LogTail::hand_out_next() {
  StreamReader* first = nullptr;
  for (const auto& [name, reader] : readers_) {
    if (reader->waiting().empty()) continue;
    if (first == nullptr || reader->waiting().front().timestamp < first->waiting().front().timestamp) {
      first = reader.get();
    }
  }
  if (first == nullptr) return false;
  const aws::LogEvent& event = first->waiting().front();
  line_(first->name().host, with_control_characters(event.message), event.time());
  first->waiting().pop_front();
  return true;
}

}  // namespace smflow::sagemaker
