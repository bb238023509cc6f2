#pragma once

#include <smflow/aws/profile.hpp>
#include <smflow/http/transport.hpp>

namespace smflow::aws {

// The metadata service of an EC2 instance, version 2 only: a token first, with which the rest is asked for. One attempt
// of one second, unless AWS_METADATA_SERVICE_NUM_ATTEMPTS and AWS_METADATA_SERVICE_TIMEOUT say otherwise.
class Metadata {
 public:
  // E412: AWS_EC2_METADATA_SERVICE_ENDPOINT is no URL.
  static Result<Metadata> of(const EnvironmentLookup& environment, http::Transport& transport);

  // Each an error's text, or nothing and `answer` is set.
  std::string open();
  std::string get(const std::string& path);

  std::string answer;

 private:
  Metadata(const EnvironmentLookup& environment, http::Transport& transport, std::string base)
      : environment_(environment), transport_(transport), base_(std::move(base)) {}
  std::string ask(const char* method, const std::string& path, http::Headers headers);

  const EnvironmentLookup& environment_;
  http::Transport& transport_;
  std::string base_;
  std::string token_;
};

// AWS_EC2_METADATA_DISABLED.
bool metadata_is_disabled(const EnvironmentLookup& environment);

// The region of the instance this runs on; none when there is no metadata service, or it says none. E412.
Result<std::optional<std::string>> region_of_instance(const EnvironmentLookup& environment, http::Transport& transport);

}  // namespace smflow::aws
