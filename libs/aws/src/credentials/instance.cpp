#include "credentials/sources.hpp"

#include <algorithm>
#include <charconv>

#include <smflow/aws/encoding.hpp>
#include <smflow/base/text.hpp>

namespace smflow::aws {

namespace {

constexpr std::string_view role_path = "/latest/meta-data/iam/security-credentials/";

unsigned number(const CredentialSeams& seams, const char* variable, unsigned otherwise) {
  const auto text = nonempty(seams.environment, variable);
  unsigned value = 0;
  if (!text || std::from_chars(text->data(), text->data() + text->size(), value).ec != std::errc{}) return otherwise;
  return std::clamp(value, 1u, 60u);
}

// Version 2 of the metadata service only: a token first, with which the rest is asked for.
class Metadata {
 public:
  Metadata(const CredentialSeams& seams, std::string base) : seams_(seams), base_(std::move(base)) {}

  // An error's text, or nothing and `answer` is set.
  std::string open() {
    std::string failed = ask("PUT", "/latest/api/token", {{"x-aws-ec2-metadata-token-ttl-seconds", "21600"}});
    if (failed.empty() && (answer.empty() || answer.find_first_of("\r\n") != std::string::npos))
      failed = "its token is not one";
    token_ = answer;
    return failed;
  }
  std::string get(const std::string& path) { return ask("GET", path, {{"x-aws-ec2-metadata-token", token_}}); }

  std::string answer;

 private:
  std::string ask(const char* method, const std::string& path, http::Headers headers) {
    http::Request request;
    request.method = method;
    request.url = base_ + path;
    request.headers = std::move(headers);
    request.response_limit = 1u << 20;
    request.limits.connect = request.limits.total.emplace(1'000 * number(seams_, "AWS_METADATA_SERVICE_TIMEOUT", 1));
    std::string why;
    for (unsigned i = 0; i < number(seams_, "AWS_METADATA_SERVICE_NUM_ATTEMPTS", 1); ++i) {
      auto response = seams_.transport.send(request);
      why = response ? "it answered HTTP " + std::to_string(response->status) : response.error().message;
      if (!response || response->status != 200) continue;
      answer = std::move(response->body);
      return {};
    }
    return why;
  }

  const CredentialSeams& seams_;
  const std::string base_;
  std::string token_;
};

std::string base_of(const CredentialSeams& seams) {
  if (auto url = nonempty(seams.environment, "AWS_EC2_METADATA_SERVICE_ENDPOINT")) {
    while (url->ends_with('/')) url->pop_back();
    return *url;
  }
  const std::string mode = nonempty(seams.environment, "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE").value_or("");
  return to_upper(mode) == "IPV6" ? "http://[fd00:ec2::254]" : "http://169.254.169.254";
}

}  // namespace

Lookup look_at_instance(const CredentialSeams& seams) {
  if (to_upper(seams.environment("AWS_EC2_METADATA_DISABLED").value_or("")) == "TRUE") {
    return NotHere{"AWS_EC2_METADATA_DISABLED is true"};
  }
  const std::string base = base_of(seams);
  if (const auto valid = parse_endpoint(base); !valid) return tl::unexpected(valid.error());
  Metadata metadata(seams, base);
  if (const std::string failed = metadata.open(); !failed.empty()) return NotHere{"no metadata service: " + failed};
  if (const std::string failed = metadata.get(std::string(role_path)); !failed.empty()) {
    return NotHere{"the instance has no role: " + failed};
  }
  const std::string role(trim(metadata.answer.substr(0, metadata.answer.find('\n'))));
  if (role.empty()) return NotHere{"the instance has no role"};
  const std::string failed = metadata.get(std::string(role_path) + percent_encode(role));
  if (!failed.empty()) return NotHere{"the role '" + printable(role) + "' has no keys: " + failed};
  const auto json = parse_json(metadata.answer, "the answer", {.bytes = 1u << 20, .depth = 8});
  const auto credentials = json ? keys_in(*json, {"Token"}) : std::nullopt;
  if (!credentials) return NotHere{"the role '" + printable(role) + "' has no keys"};
  return *credentials;
}

}  // namespace smflow::aws
