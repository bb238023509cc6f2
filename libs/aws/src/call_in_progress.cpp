#include "call_in_progress.hpp"

#include "xml.hpp"

#include <smflow/aws/encoding.hpp>

namespace smflow::aws {

namespace {

bool succeeded(int status) {
  return status >= 200 && status < 300;
}

}  // namespace

Outcome<ApiAnswer> CallInProgress::run() {
  for (;;) {
    if (call_.cancel.stop_requested()) return tl::unexpected(or_cancelled({}));
    const auto request = prepare();
    if (!request) return tl::unexpected(request.error());
    Sent sent = send(*request);
    if (!sent) {
      if (again_after(sent.error())) continue;
      return tl::unexpected(or_cancelled(failed_transport(sent.error())));
    }
    int status = sent->status;
    const auto error = error_in(*sent, status);
    if (!error) {
      retries_.another({});
      return ApiAnswer{*std::move(sent), attempts_};
    }
    if (!again_after(*error, status, *sent)) return tl::unexpected(or_cancelled(failed_answer(*error, status)));
  }
}

Outcome<Endpoint> CallInProgress::resolve() {
  auto endpoint = client_.endpoint(call_.bucket);
  if (!endpoint) {
    AwsError error = failure(AwsError::Kind::local, endpoint.error().message);
    error.cause = endpoint.error();
    return tl::unexpected(std::move(error));
  }
  if (!authority_.empty()) endpoint->authority = authority_;
  return *std::move(endpoint);
}

Outcome<std::string> CallInProgress::payload_hash() {
  if (!call_.payload_hash.empty() || call_.body == nullptr) return call_.payload_hash;
  DigestStream hash(Digest::sha256);
  std::string buffer;
  for (std::uint64_t at = 0; at < call_.body->size(); at += buffer.size()) {
    buffer.resize(std::min<std::uint64_t>(call_.body->size() - at, 256u << 10));
    if (auto read = call_.body->read(at, std::as_writable_bytes(std::span(buffer))); !read) {
      AwsError error = failure(AwsError::Kind::local, read.error().message);
      error.cause = std::move(read).error();
      return tl::unexpected(std::move(error));
    }
    hash.update(buffer);
  }
  return to_hex(hash.finish());
}

http::Request CallInProgress::unaddressed() {
  http::Request request;
  request.method = call_.method;
  request.body = call_.body;
  request.limits = call_.limits;
  request.cancel = call_.cancel;
  if (!call_.sink) return request;
  request.sink = [this](std::span<const std::byte> bytes) {
    sink_used_ = true;
    return call_.sink(bytes);
  };
  return request;
}

Outcome<void> CallInProgress::take_credentials() {
  auto credentials = client_.parts_.credentials->get();
  if (!credentials) {
    AwsError error = failure(AwsError::Kind::credentials, credentials.error().message);
    error.cause = std::move(credentials).error();
    return tl::unexpected(std::move(error));
  }
  credentials_ = *std::move(credentials);
  return {};
}

Outcome<http::Request> CallInProgress::prepare() {
  const auto endpoint = resolve();
  if (!endpoint) return tl::unexpected(endpoint.error());
  used_region_ = endpoint->region;
  SignableRequest signable{.method = call_.method,
                           .scheme = endpoint->scheme,
                           .authority = endpoint->authority,
                           .path = endpoint->base_path + call_.path,
                           .query = call_.query,
                           .headers = call_.headers};
  http::Request request = unaddressed();
  if (call_.anonymous || client_.parts_.credentials == nullptr) {
    request.url = url_of(signable, client_.service_.signing_name);
    request.headers = std::move(signable.headers);
    return request;
  }
  auto hash = payload_hash();
  if (!hash) return tl::unexpected(std::move(hash).error());
  signable.payload_hash = *std::move(hash);
  if (auto taken = take_credentials(); !taken) return tl::unexpected(std::move(taken).error());
  used_offset_ = client_.parts_.corrects_clock ? client_.skew_.offset() : std::chrono::milliseconds{0};
  const SigningScope scope{endpoint->region, std::string(client_.service_.signing_name)};
  auto ready = sign(signable, credentials_, scope, client_.parts_.clock.now() + used_offset_, client_.keys_);
  request.url = std::move(ready.url);
  request.headers = std::move(ready.headers);
  return request;
}

CallInProgress::Sent CallInProgress::send(const http::Request& request) {
  if (attempts_ > 0 && client_.pace_) client_.pace_();
  ++attempts_;
  const WallTime before = client_.parts_.clock.now();
  Sent sent = client_.parts_.transport.send(request);
  if (sent) client_.skew_.learn(*sent, before, client_.parts_.clock.now());
  return sent;
}

std::optional<ErrorAnswer> CallInProgress::error_in(const http::Response& response, int& status) const {
  if (!succeeded(status)) return read_error_answer(response);
  if (!call_.xml_answer || response.body.empty()) return std::nullopt;
  const auto document = parse_xml(response.body);
  if (document && std::string_view(document->document_element().name()) != "Error") return std::nullopt;
  status = 500;
  if (document) return read_error_answer(response);
  return ErrorAnswer{
      .code = "InvalidAnswer", .message = "the answer is not XML", .request_id = request_id_of(response)};
}

AwsError CallInProgress::failure(AwsError::Kind kind, std::string message) const {
  return {.kind = kind,
          .service = std::string(client_.service_.id),
          .operation = call_.operation,
          .message = std::move(message),
          .attempts = attempts_};
}

AwsError CallInProgress::or_cancelled(AwsError error) const {
  return call_.cancel.stop_requested() ? failure(AwsError::Kind::cancelled, "it was cancelled") : std::move(error);
}

AwsError CallInProgress::failed_answer(const ErrorAnswer& answer, int status) const {
  const bool unreadable = answer.code == "InvalidAnswer";
  AwsError error =
      failure(unreadable ? AwsError::Kind::answer : kind_of(answer.code, status, client_.service_.id), answer.message);
  if (retries_.end() == http::RetryEnd::quota_used_up)
    error.message += "; it was not tried again, because too many calls had failed before";
  error.code = unreadable ? "" : answer.code;
  error.request_id = answer.request_id;
  error.status = status;
  error.bucket_region = answer.region;
  return error;
}

AwsError CallInProgress::failed_transport(const http::TransportError& error) const {
  using Kind = http::TransportError::Kind;
  const AwsError::Kind kind = error.kind == Kind::cancelled   ? AwsError::Kind::cancelled
                              : error.kind == Kind::local     ? AwsError::Kind::local
                              : error.kind == Kind::too_large ? AwsError::Kind::answer
                                                              : AwsError::Kind::network;
  AwsError result = failure(kind, error.message);
  result.cause = error.cause;
  return result;
}

}  // namespace smflow::aws
