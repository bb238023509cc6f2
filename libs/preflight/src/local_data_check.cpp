#include "checks.hpp"
#include "findings.hpp"

#include <filesystem>

#include <fmt/format.h>

#include <smflow/storage/store.hpp>

namespace smflow::preflight {

namespace {

namespace fs = std::filesystem;
constexpr const char* check = "data";

// True as soon as there is one; also when the folder cannot be read, which the job itself tells better.
bool holds_file(const fs::path& place) {
  std::error_code failed;
  if (!fs::is_directory(place, failed)) return true;
  for (auto at = fs::recursive_directory_iterator(place, failed); !failed && at != fs::end(at); at.increment(failed)) {
    if (at->is_regular_file(failed)) return true;
  }
  return static_cast<bool>(failed);
}

}  // namespace

Findings check_local_data(const plan::JobPlan& plan) {
  for (const plan::Channel& channel : plan.channels) {
    const auto place = storage::file_uri_path(channel.uri);
    if (channel.name != "traindata" || !place) continue;
    if (holds_file(*place)) return {passed(check, channel.uri)};
    return {failed(check,
                   {.code = "E215",
                    .exit = ExitCode::not_found,
                    .message = fmt::format("there are no files in '{}'", place->string()),
                    .fix = "correct the path, or put the data there"},
                   "S3.TRAINING_DATA")};
  }
  return {};
}

}  // namespace smflow::preflight
