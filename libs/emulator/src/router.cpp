#include "router.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <smflow/base/text.hpp>

namespace smflow::emulator {

namespace {

constexpr const char* sagemaker = "SageMaker";
constexpr const char* logs = "Logs_20140328";

HttpAnswer refusal(const ServiceError& error) {
  const Json body{{"__type", error.code}, {"message", error.message}};
  return {.status = error.http_status, .body = body.dump(-1, ' ', false, Json::error_handler_t::replace)};
}

bool is_region(std::string_view text) {
  return !text.empty() && text.size() <= 32 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

bool is_loopback_name(std::string host) {
  if (const std::size_t colon = host.rfind(':'); colon != std::string::npos && !host.ends_with(']')) {
    host.resize(colon);
  }
  return host.empty() || host == "127.0.0.1" || host == "localhost" || host.ends_with(".localhost") || host == "[::1]";
}

std::string request_id() {
  static SystemRandom random;
  const std::uint64_t a = random.next();
  const std::uint64_t b = random.next();
  return fmt::format("{:08x}-{:04x}-{:04x}-{:04x}-{:012x}", a >> 32, (a >> 16) & 0xFFFF, a & 0xFFFF, b >> 48,
                     b & 0xFFFFFFFFFFFF);
}

HttpAnswer caller_identity() {
  return {.content_type = "text/xml",
          .body = fmt::format("<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">"
                              "<GetCallerIdentityResult><Arn>arn:aws:iam::{0}:root</Arn><UserId>{0}</UserId>"
                              "<Account>{0}</Account></GetCallerIdentityResult>"
                              "<ResponseMetadata><RequestId>{1}</RequestId></ResponseMetadata>"
                              "</GetCallerIdentityResponse>",
                              account_id, request_id())};
}

HttpAnswer no_such_service(const HttpRequest& request, const std::string& service) {
  const std::string name = service.empty() ? "this" : "'" + service + "'";
  const std::string why =
      "smflow emulator: " + name + " is not served here; start it with --aws-endpoint to have such calls forwarded";
  if (!request.header("X-Amz-Target").empty()) return refusal({"UnknownOperationException", why});
  return {.status = 501,
          .content_type = "text/xml",
          .body = service == "s3" ? "<Error><Code>NotImplemented</Code><Message>" + why + "</Message></Error>"
                                  : "<ErrorResponse><Error><Type>Sender</Type><Code>NotImplemented</Code><Message>" +
                                        why + "</Message></Error></ErrorResponse>"};
}

}  // namespace

std::string HttpRequest::header(const std::string& name) const {
  const auto found = std::find_if(headers.begin(), headers.end(),
                                  [&](const HttpHeader& one) { return to_upper(one.name) == to_upper(name); });
  return found == headers.end() ? "" : found->value;
}

Scope credential_scope(const std::string& authorization) {
  const std::size_t at = authorization.find("Credential=");
  if (at == std::string::npos) return {};
  const std::size_t end = authorization.find_first_of(", ", at);
  const std::vector<std::string> parts = split(authorization.substr(at, end - at), '/');
  if (parts.size() != 5 || !is_region(parts[2])) return {};
  return {parts[2], parts[3]};
}

HttpAnswer Router::answer(const HttpRequest& request) {
  HttpAnswer answer = !is_loopback_name(request.header("Host")) || !request.header("Origin").empty()
                          ? refusal({"AccessDeniedException", "smflow emulator: not for web pages", 403})
                          : route(request);
  answer.headers.push_back({"x-amzn-RequestId", request_id()});
  return answer;
}

HttpAnswer Router::route(const HttpRequest& request) {
  const std::string target = request.header("X-Amz-Target");
  const std::size_t dot = target.find('.');
  const std::string service = target.substr(0, dot);
  if (dot != std::string::npos && (service == sagemaker || service == logs)) {
    return json_call(request, service, target.substr(dot + 1));
  }
  return elsewhere(request);
}

HttpAnswer Router::json_call(const HttpRequest& request, const std::string& service, const std::string& operation) {
  if (request.body.size() > Body::in_memory) return refusal({"SerializationException", "the request is too large"});
  const auto body = parse_json(request.body.empty() ? "{}" : request.body.text(), "the request");
  if (!body) return refusal({"SerializationException", body.error().message});
  Caller caller;
  if (const Scope scope = credential_scope(request.header("Authorization")); !scope.region.empty()) {
    caller.region = scope.region;
  }
  const Answer answer =
      service == sagemaker ? training_.call(operation, *body, caller) : logs_.call(operation, *body, caller);
  if (!answer) return refusal(answer.error());
  if (answer->is_null()) return {};
  return {.body = answer->dump(-1, ' ', false, Json::error_handler_t::replace)};
}

HttpAnswer Router::elsewhere(const HttpRequest& request) const {
  if (forward_) return forward_(request);
  const std::string service = credential_scope(request.header("Authorization")).service;
  if (service == "sts" && request.body.text().find("Action=GetCallerIdentity") != std::string::npos)
    return caller_identity();
  return no_such_service(request, service);
}

}  // namespace smflow::emulator
