#include "credentials/sources.hpp"

#include <algorithm>
#include <array>

#include <smflow/base/files.hpp>
#include <smflow/base/text.hpp>

namespace smflow::aws {

namespace {

constexpr int attempts = 3;
constexpr std::chrono::milliseconds patience{2'000};
constexpr std::chrono::milliseconds pause{1'000};

tl::unexpected<Error> bad_endpoint(const std::string& why) {
  return tl::unexpected(Error{.code = "E407",
                              .exit = ExitCode::permission,
                              .message = "the container's credentials cannot be had: " + why,
                              .fix = "unset AWS_CONTAINER_CREDENTIALS_FULL_URI and "
                                     "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI, or correct what the message names"});
}

// The token must not go to any host that somebody names.
bool is_allowed(const Endpoint& endpoint) {
  std::string host = endpoint.authority;
  if (host.front() != '[') host = host.substr(0, host.find(':'));
  if (host.front() == '[') host = host.substr(0, host.find(']') + 1);
  constexpr std::array<std::string_view, 5> hosts = {"localhost", "169.254.170.2", "169.254.170.23", "[fd00:ec2::23]",
                                                     "[::1]"};
  const bool is_loopback = host.starts_with("127.") && host.find_first_not_of("0123456789.") == std::string::npos;
  return is_loopback || std::find(hosts.begin(), hosts.end(), host) != hosts.end();
}

Result<std::string> url_of_container(const CredentialSeams& seams) {
  if (const auto relative = nonempty(seams.environment, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")) {
    if (!relative->starts_with('/'))
      return bad_endpoint("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI does not begin with '/'");
    return "http://169.254.170.2" + *relative;
  }
  const std::string url = nonempty(seams.environment, "AWS_CONTAINER_CREDENTIALS_FULL_URI").value_or("");
  const auto endpoint = parse_endpoint(url.substr(0, url.find('?')));
  if (!endpoint) return tl::unexpected(endpoint.error());
  if (!is_allowed(*endpoint)) {
    return bad_endpoint("the host '" + endpoint->authority + "' of AWS_CONTAINER_CREDENTIALS_FULL_URI is not allowed");
  }
  return url;
}

Result<std::string> token_of(const CredentialSeams& seams) {
  std::string token = nonempty(seams.environment, "AWS_CONTAINER_AUTHORIZATION_TOKEN").value_or("");
  if (const auto file = nonempty(seams.environment, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE")) {
    auto text = read_file(*file, 64u << 10);
    if (!text) return bad_endpoint(text.error().message);
    token = *std::move(text);
  }
  if (token.find_first_of("\r\n") != std::string::npos)
    return bad_endpoint("the authorization token holds a line break");
  return token;
}

}  // namespace

Lookup look_at_container(const CredentialSeams& seams) {
  if (!nonempty(seams.environment, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") &&
      !nonempty(seams.environment, "AWS_CONTAINER_CREDENTIALS_FULL_URI")) {
    return NotHere{"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI and _FULL_URI are not set"};
  }
  const auto url = url_of_container(seams);
  if (!url) return tl::unexpected(url.error());
  const auto token = token_of(seams);
  if (!token) return tl::unexpected(token.error());
  http::Request request;
  request.url = *url;
  request.headers = {{"Accept", "application/json"}};
  if (!token->empty()) request.headers.push_back({"Authorization", *token});
  request.limits.total = patience;
  std::string why;
  for (int i = 0; i < attempts; ++i) {
    if (i > 0) seams.sleep(pause, {});
    const auto response = seams.transport.send(request);
    why = response ? "the endpoint answered HTTP " + std::to_string(response->status) : response.error().message;
    if (!response || response->status != 200) continue;
    const auto json = parse_json(response->body, "the answer", {.bytes = 1u << 20, .depth = 8});
    const auto credentials = json ? keys_in(*json, {"Token"}) : std::nullopt;
    if (credentials) return *credentials;
    why = "the endpoint's answer holds no keys";
  }
  return bad_endpoint(why);
}

}  // namespace smflow::aws
