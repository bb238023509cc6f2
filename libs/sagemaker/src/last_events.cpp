#include "last_events.hpp"

#include "stream_list.hpp"
#include "stream_name.hpp"

#include <algorithm>
#include <map>

namespace smflow::sagemaker {

namespace {

struct LastStart {
  std::int64_t time = -1;
  std::string stream = {};
};

struct HostEvent {
  std::string host;
  aws::LogEvent event;
};

}  // namespace

aws::Outcome<void> read_last_events(LogSource& source, Pace& pace, const std::string& job, int limit,
                                    plan::JobObserver& observer) {
  std::map<std::string, LastStart> starts;
  const auto listed = list_streams(source, pace, job, [&](const std::string& stream) {
    const auto name = parse_stream_name(job, stream);
    if (!name) return;
    LastStart& last = starts[name->host];
    if (name->start > last.time) last = {name->start, stream};
  });
  if (!listed) return listed;
  std::vector<HostEvent> events;
  for (const auto& [host, start] : starts) {
    pace.wait_for_turn();
    auto last = source.last_events(start.stream, limit);
    if (!last && last.error().kind == aws::AwsError::Kind::not_found) continue;
    if (!last) return tl::unexpected(std::move(last).error());
    for (aws::LogEvent& event : *last) events.push_back({host, std::move(event)});
  }
  std::ranges::stable_sort(events, {}, [](const HostEvent& one) { return one.event.timestamp; });
  for (const HostEvent& one : events) {
    observer.on_log(one.host, with_control_characters(one.event.message), one.event.time());
  }
  return {};
}

}  // namespace smflow::sagemaker
