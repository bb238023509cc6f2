#include "credentials/metadata.hpp"

#include <algorithm>
#include <charconv>

#include <smflow/aws/endpoint.hpp>
#include <smflow/aws/partition.hpp>
#include <smflow/base/text.hpp>

namespace smflow::aws {

namespace {

unsigned number(const EnvironmentLookup& environment, const char* variable, unsigned otherwise) {
  const auto text = nonempty(environment, variable);
  unsigned value = 0;
  if (!text || std::from_chars(text->data(), text->data() + text->size(), value).ec != std::errc{}) return otherwise;
  return std::clamp(value, 1u, 60u);
}

std::string base_of(const EnvironmentLookup& environment) {
  if (auto url = nonempty(environment, "AWS_EC2_METADATA_SERVICE_ENDPOINT")) {
    while (url->ends_with('/')) url->pop_back();
    return *url;
  }
  const std::string mode = nonempty(environment, "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE").value_or("");
  return to_upper(mode) == "IPV6" ? "http://[fd00:ec2::254]" : "http://169.254.169.254";
}

}  // namespace

Result<Metadata> Metadata::of(const EnvironmentLookup& environment, http::Transport& transport) {
  std::string base = base_of(environment);
  if (const auto valid = parse_endpoint(base); !valid) return tl::unexpected(valid.error());
  return Metadata(environment, transport, std::move(base));
}

std::string Metadata::open() {
  std::string failed = ask("PUT", "/latest/api/token", {{"x-aws-ec2-metadata-token-ttl-seconds", "21600"}});
  if (failed.empty() && (answer.empty() || answer.find_first_of("\r\n") != std::string::npos))
    failed = "its token is not one";
  token_ = answer;
  return failed;
}

std::string Metadata::get(const std::string& path) {
  return ask("GET", path, {{"x-aws-ec2-metadata-token", token_}});
}

std::string Metadata::ask(const char* method, const std::string& path, http::Headers headers) {
  http::Request request;
  request.method = method;
  request.url = base_ + path;
  request.headers = std::move(headers);
  request.response_limit = 1u << 20;
  request.limits.connect =
      request.limits.total.emplace(1'000 * number(environment_, "AWS_METADATA_SERVICE_TIMEOUT", 1));
  std::string why;
  for (unsigned i = 0; i < number(environment_, "AWS_METADATA_SERVICE_NUM_ATTEMPTS", 1); ++i) {
    auto response = transport_.send(request);
    why = response ? "it answered HTTP " + std::to_string(response->status) : response.error().message;
    if (!response || response->status != 200) continue;
    answer = std::move(response->body);
    return {};
  }
  return why;
}

bool metadata_is_disabled(const EnvironmentLookup& environment) {
  return to_upper(environment("AWS_EC2_METADATA_DISABLED").value_or("")) == "TRUE";
}

Result<std::optional<std::string>> region_of_instance(const EnvironmentLookup& environment,
                                                      http::Transport& transport) {
  if (metadata_is_disabled(environment)) return std::nullopt;
  auto metadata = Metadata::of(environment, transport);
  if (!metadata) return tl::unexpected(std::move(metadata).error());
  if (!metadata->open().empty() || !metadata->get("/latest/meta-data/placement/region").empty()) return std::nullopt;
  const std::string region(trim(metadata->answer));
  return check_region(region) ? std::optional(region) : std::nullopt;
}

}  // namespace smflow::aws
