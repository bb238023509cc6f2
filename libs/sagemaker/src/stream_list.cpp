#include "stream_list.hpp"

namespace smflow::sagemaker {

aws::Outcome<void> list_streams(LogSource& source, Pace& pace, const std::string& job,
                                const std::function<void(const std::string& stream)>& found) {
  std::string token;
  do {
    pace.wait_for_turn();
    auto page = source.streams(job + "/", token);
    if (!page && page.error().kind == aws::AwsError::Kind::not_found) return {};
    if (!page) return tl::unexpected(std::move(page).error());
    for (const std::string& stream : page->names) found(stream);
    if (page->next_token == token) break;
    token = std::move(page->next_token);
  } while (!token.empty() && !pace.cancelled());
  return {};
}

}  // namespace smflow::sagemaker
