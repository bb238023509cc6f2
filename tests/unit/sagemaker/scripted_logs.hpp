#pragma once

#include "support/fake_clock.hpp"

#include <algorithm>
#include <map>
#include <random>

#include <smflow/http/retry.hpp>
#include <smflow/sagemaker/log_source.hpp>

namespace smflow::sagemaker {

// CloudWatch Logs in memory. Forward tokens are positions; each call may fail, give a short page or an empty one with
// another token, as the test says.
class ScriptedLogs : public LogSource {
 public:
  explicit ScriptedLogs(const Clock& clock) : clock_(clock) {}

  void write(const std::string& stream, std::int64_t timestamp, std::string message) {
    streams_[stream].push_back({timestamp, std::move(message)});
  }

  std::function<std::optional<aws::AwsError>()> fault = [] { return std::nullopt; };
  std::function<std::size_t()> page_size = [] { return std::size_t{10'000}; };
  std::function<bool()> empty_page = [] { return false; };
  bool forgets_start_time = false;
  int token_generation = 0;  // another one: the tokens of before are not accepted any more
  std::size_t streams_per_page = 50;
  std::function<void()> on_call = [] {};
  std::vector<SteadyTime> calls;

  aws::Outcome<aws::LogStreamPage> streams(const std::string& prefix, const std::string& token) override {
    if (auto error = called()) return tl::unexpected(*error);
    if (streams_.empty()) return tl::unexpected(aws::AwsError{.kind = aws::AwsError::Kind::not_found});
    aws::LogStreamPage page;
    for (auto it = streams_.upper_bound(token); it != streams_.end(); ++it) {
      if (!it->first.starts_with(prefix)) continue;
      if (page.names.size() == streams_per_page) {
        page.next_token = page.names.back();
        break;
      }
      page.names.push_back(it->first);
    }
    return page;
  }

  aws::Outcome<aws::LogEventPage> events(const std::string& stream, const std::string& token,
                                         std::optional<std::int64_t> start_time) override {
    if (auto error = called()) return tl::unexpected(*error);
    if (!streams_.contains(stream)) return tl::unexpected(aws::AwsError{.kind = aws::AwsError::Kind::not_found});
    const auto& all = streams_.at(stream);
    std::size_t position = 0;
    int salt = 0;
    if (token.empty()) {
      while (start_time && !forgets_start_time && position < all.size() && all[position].timestamp < *start_time)
        ++position;
    } else {
      int generation = 0;
      std::sscanf(token.c_str(), "f/%d/%zu/%d", &generation, &position, &salt);
      if (generation != token_generation) return tl::unexpected(aws::AwsError{.kind = aws::AwsError::Kind::invalid});
    }
    if (empty_page()) return aws::LogEventPage{{}, token_at(position, salt + 1)};
    const std::size_t end = std::min(all.size(), position + page_size());
    const auto at = [&](std::size_t index) { return all.begin() + static_cast<std::ptrdiff_t>(index); };
    aws::LogEventPage page{{at(position), at(end)}, end == position ? token : token_at(end, 0)};
    if (page.next_token.empty()) page.next_token = token_at(end, 0);
    return page;
  }

  aws::Outcome<std::vector<aws::LogEvent>> last_events(const std::string& stream, int limit) override {
    if (auto error = called()) return tl::unexpected(*error);
    const auto& all = streams_.at(stream);
    const std::size_t count = std::min(all.size(), static_cast<std::size_t>(limit));
    return std::vector<aws::LogEvent>(all.end() - static_cast<std::ptrdiff_t>(count), all.end());
  }

 private:
  std::string token_at(std::size_t position, int salt) const {
    return "f/" + std::to_string(token_generation) + "/" + std::to_string(position) + "/" + std::to_string(salt);
  }
  std::optional<aws::AwsError> called() {
    calls.push_back(clock_.steady_now());
    on_call();
    return fault();
  }

  const Clock& clock_;
  std::map<std::string, std::vector<aws::LogEvent>> streams_;
};

// Sleeping is the clock that goes on.
inline http::Sleep turns(test::FakeClock& clock) {
  return [&clock](std::chrono::milliseconds duration, std::stop_token) {
    clock.advance(duration);
    return true;
  };
}

// More than `limit` calls in any one second.
inline bool exceeds_rate(const std::vector<SteadyTime>& calls, std::size_t limit) {
  for (std::size_t i = limit; i < calls.size(); ++i) {
    if (calls[i] - calls[i - limit] < std::chrono::seconds{1}) return true;
  }
  return false;
}

}  // namespace smflow::sagemaker
