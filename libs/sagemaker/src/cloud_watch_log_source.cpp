#include <smflow/sagemaker/log_source.hpp>

namespace smflow::sagemaker {

namespace {

constexpr const char* group = "/aws/sagemaker/TrainingJobs";

}  // namespace

aws::Outcome<aws::LogStreamPage> CloudWatchLogSource::streams(const std::string& prefix, const std::string& token) {
  return aws::describe_log_streams(client_, group, prefix, token, cancel_);
}

aws::Outcome<aws::LogEventPage> CloudWatchLogSource::events(const std::string& stream, const std::string& token,
                                                            std::optional<std::int64_t> start_time) {
  return aws::get_log_events(client_, {.group = group, .stream = stream, .token = token, .start_time = start_time},
                             cancel_);
}

aws::Outcome<std::vector<aws::LogEvent>> CloudWatchLogSource::last_events(const std::string& stream, int limit) {
  const aws::LogEventQuery query{.group = group, .stream = stream, .limit = limit, .from_head = false};
  return aws::get_log_events(client_, query, cancel_).map([](aws::LogEventPage page) {
    return std::move(page.events);
  });
}

void CloudWatchLogSource::pace_repeats(Pace* pace) {
  client_.pace_repeats(pace == nullptr ? std::function<void()>() : [pace] { pace->wait_for_turn(); });
}

}  // namespace smflow::sagemaker
