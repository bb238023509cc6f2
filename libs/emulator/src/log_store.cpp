#include "log_store.hpp"

#include <algorithm>

#include <smflow/base/text.hpp>

namespace smflow::emulator {

namespace {

constexpr std::size_t event_overhead = 64;
constexpr std::size_t page_overhead = 26;

std::string as_message(std::string_view line) {
  std::string text;
  text.reserve(line.size());
  for (const char c : line) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte != 0x7F) {
      text += c;
    } else {
      text += '#';
      for (const int shift : {6, 3, 0}) text += static_cast<char>('0' + ((byte >> shift) & 7));
    }
  }
  if (text.empty()) return " ";
  return is_valid_utf8(text) ? text : printable(text);
}

bool inside(const LogEvent& event, TimeRange range) {
  return event.timestamp >= range.from && event.timestamp < range.to;
}

auto first_from(const std::deque<LogEvent>& events, std::uint64_t sequence) {
  return std::lower_bound(events.begin(), events.end(), sequence,
                          [](const LogEvent& event, std::uint64_t wanted) { return event.sequence < wanted; });
}

// True when the page has room for the message, which is then counted.
bool takes(PageLimits& room, const LogEvent& event) {
  const std::size_t size = event.message.size() + page_overhead;
  if (room.events == 0 || size > room.bytes) return false;
  --room.events;
  room.bytes -= size;
  return true;
}

}  // namespace

void LogStore::append(const std::string& name, std::string_view line) {
  std::string message = as_message(line);
  const std::lock_guard lock(mutex_);
  last_timestamp_ = std::max<std::int64_t>(last_timestamp_, clock_.now().time_since_epoch().count());
  Stream& stream = streams_[name];
  if (stream.creation == 0) stream.creation = last_timestamp_;
  stream.bytes += message.size() + event_overhead;
  bytes_ += message.size() + event_overhead;
  stream.events.push_back({++sequence_, last_timestamp_, std::move(message)});
  keep_the_bounds(stream);
}

void LogStore::drop_oldest(Stream& stream) {
  const std::size_t size = stream.events.front().message.size() + event_overhead;
  stream.events.pop_front();
  stream.bytes -= size;
  bytes_ -= size;
}

void LogStore::keep_the_bounds(Stream& stream) {
  while (stream.bytes > stream_bytes_ && stream.events.size() > 1) drop_oldest(stream);
  while (bytes_ > total_bytes_) {
    Stream* oldest = nullptr;
    for (auto& [name, one] : streams_) {
      if (one.events.empty()) continue;
      if (oldest == nullptr || one.events.front().sequence < oldest->events.front().sequence) oldest = &one;
    }
    drop_oldest(*oldest);
  }
}

std::vector<LogStreamInfo> LogStore::streams() const {
  const std::lock_guard lock(mutex_);
  std::vector<LogStreamInfo> infos;
  for (const auto& [name, stream] : streams_) {
    LogStreamInfo info{.name = name, .creation = stream.creation, .first = stream.creation, .last = stream.creation};
    if (!stream.events.empty()) {
      info.first = stream.events.front().timestamp;
      info.last = stream.events.back().timestamp;
    }
    infos.push_back(std::move(info));
  }
  return infos;
}

bool LogStore::has(const std::string& stream) const {
  const std::lock_guard lock(mutex_);
  return streams_.contains(stream);
}

std::vector<LogEvent> LogStore::forward(const std::string& stream, std::uint64_t first, TimeRange range,
                                        PageLimits page) const {
  const std::lock_guard lock(mutex_);
  std::vector<LogEvent> events;
  const auto found = streams_.find(stream);
  if (found == streams_.end()) return events;
  for (auto event = first_from(found->second.events, first); event != found->second.events.end(); ++event) {
    if (!inside(*event, range)) continue;
    if (!takes(page, *event)) break;
    events.push_back(*event);
  }
  return events;
}

std::vector<LogEvent> LogStore::backward(const std::string& stream, std::uint64_t end, TimeRange range,
                                         PageLimits page) const {
  const std::lock_guard lock(mutex_);
  std::vector<LogEvent> events;
  const auto found = streams_.find(stream);
  if (found == streams_.end()) return events;
  for (auto event = first_from(found->second.events, end); event != found->second.events.begin();) {
    --event;
    if (!inside(*event, range)) continue;
    if (!takes(page, *event)) break;
    events.push_back(*event);
  }
  std::reverse(events.begin(), events.end());
  return events;
}

std::vector<LogStore::Found> LogStore::find(const Accept& stream, const Accept& message, std::uint64_t first,
                                            TimeRange range, PageLimits page) const {
  using Events = std::deque<LogEvent>::const_iterator;
  struct Source {
    const std::string* name;
    Events at, end;
  };
  const std::lock_guard lock(mutex_);
  std::vector<Source> sources;
  for (const auto& [name, one] : streams_) {
    if (stream(name)) sources.push_back({&name, first_from(one.events, first), one.events.end()});
  }
  std::vector<Found> events;
  const auto later = [](const Source& a, const Source& b) {
    if (a.at == a.end || b.at == b.end) return b.at != b.end;
    return a.at->sequence > b.at->sequence;
  };
  std::make_heap(sources.begin(), sources.end(), later);
  while (!sources.empty() && sources.front().at != sources.front().end) {
    std::pop_heap(sources.begin(), sources.end(), later);
    Source& source = sources.back();
    const LogEvent& event = *source.at++;
    if (inside(event, range) && message(event.message)) {
      if (!takes(page, event)) break;
      events.emplace_back(*source.name, event);
    }
    std::push_heap(sources.begin(), sources.end(), later);
  }
  return events;
}

}  // namespace smflow::emulator
