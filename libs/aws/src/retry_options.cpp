#include "retry_options.hpp"

#include <charconv>

namespace smflow::aws {

namespace {

constexpr int usual_attempts = 3;
constexpr int legacy_attempts = 5;
constexpr int most_attempts = 100;

}  // namespace

Result<int> choose_attempts(const ProfileFiles& files, const std::string& profile,
                            const EnvironmentLookup& environment) {
  const std::string mode =
      find_setting(files, profile, environment, {"AWS_RETRY_MODE", "retry_mode"}).value_or("standard");
  if (mode != "standard" && mode != "adaptive" && mode != "legacy") {
    return tl::unexpected(Error{
        .code = "E413",
        .exit = ExitCode::configuration,
        .message = "'" + mode + "' is no retry mode of AWS",
        .fix = "set AWS_RETRY_MODE, or retry_mode in the profile '" + profile + "', to standard, adaptive or legacy"});
  }
  const int otherwise = mode == "legacy" ? legacy_attempts : usual_attempts;
  const auto text = find_setting(files, profile, environment, {"AWS_MAX_ATTEMPTS", "max_attempts"});
  int value = 0;
  if (!text || std::from_chars(text->data(), text->data() + text->size(), value).ec != std::errc{}) return otherwise;
  return value >= 1 && value <= most_attempts ? value : otherwise;
}

}  // namespace smflow::aws
