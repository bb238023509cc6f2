#include "stream_reader.hpp"

namespace smflow::sagemaker {

namespace {

std::size_t hash_of(const aws::LogEvent& event) {
  return std::hash<std::string>{}(std::to_string(event.timestamp) + " " + event.message);
}

}  // namespace

aws::Outcome<void> StreamReader::fetch(LogSource& source) {
  auto page = source.events(stream_, token_, token_.empty() ? floor_ : std::nullopt);
  if (!page) {
    const bool of_the_token = page.error().kind == aws::AwsError::Kind::invalid && !token_.empty();
    if (!of_the_token) return tl::unexpected(std::move(page).error());
    start_over();
    return {};
  }
  at_end_ = page->next_token == token_;
  // The end gives no events; where it does, this token gives them again with the next call.
  if (at_end_ && !page->events.empty()) start_over();
  take(*page);
  if (at_end_) replayed_.clear();
  token_ = std::move(page->next_token);
  return {};
}

void StreamReader::start_over() {
  token_.clear();
  replayed_.clear();
  for (const Known& known : known_) ++replayed_[known.hash];
}

void StreamReader::take(const aws::LogEventPage& page) {
  for (const aws::LogEvent& event : page.events) {
    // A token that came with a start time beyond the last event need not remember it.
    if (since_ && event.timestamp < *since_) continue;
    const std::size_t hash = hash_of(event);
    const auto again = replayed_.find(hash);
    if (again != replayed_.end()) {
      if (--again->second == 0) replayed_.erase(again);
      continue;
    }
    remember(event, hash);
    waiting_.push_back(event);
  }
}

void StreamReader::remember(const aws::LogEvent& event, std::size_t hash) {
  constexpr std::size_t enough = 5000;
  known_.push_back({event.timestamp, hash});
  // Events of one time stay together: the floor is between two times.
  while (known_.size() > enough && known_.front().timestamp < known_.back().timestamp) {
    floor_ = std::max(floor_.value_or(0), known_.front().timestamp + 1);
    known_.pop_front();
  }
}

}  // namespace smflow::sagemaker
