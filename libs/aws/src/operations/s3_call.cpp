#include "operations/s3_call.hpp"

#include "lower_case.hpp"

#include <algorithm>
#include <charconv>

#include <smflow/aws/checksum.hpp>
#include <smflow/aws/encoding.hpp>
#include <smflow/aws/protocol.hpp>
#include <smflow/aws/timestamp.hpp>

namespace smflow::aws {

namespace {

constexpr std::uint64_t most_parts = 10'000;

// "-N" ends the checksum of N parts' checksums. One that is said to be such and does not say of how many is of no use.
std::optional<ObjectChecksum> checksum_in(const ApiAnswer& answer) {
  const bool composite = header_of(answer, "x-amz-checksum-type") == "COMPOSITE";
  for (const ChecksumAlgorithm algorithm : checksum_algorithms) {
    const std::string text = header_of(answer, "x-amz-checksum-" + lower_case(name_of(algorithm)));
    if (text.empty()) continue;
    const std::size_t dash = text.find('-');
    if (dash == std::string::npos) return composite ? std::nullopt : std::optional(ObjectChecksum{algorithm, text});
    const auto parts = parse_number(std::string_view(text).substr(dash + 1));
    if (!parts || *parts == 0 || *parts > most_parts) return std::nullopt;
    return ObjectChecksum{algorithm, text.substr(0, dash), *parts};
  }
  return std::nullopt;
}

}  // namespace

ApiCall object_call(std::string operation, std::string method, const ObjectName& object, std::stop_token cancel) {
  ApiCall call;
  call.operation = std::move(operation);
  call.method = std::move(method);
  call.path = "/" + object.key;
  call.bucket = object.bucket;
  call.cancel = std::move(cancel);
  return call;
}

std::string header_of(const ApiAnswer& answer, std::string_view name) {
  return std::string(http::find_header(answer.response.headers, name).value_or(""));
}

std::optional<std::uint64_t> parse_number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<std::string> decode_listed(std::string text) {
  std::replace(text.begin(), text.end(), '+', ' ');
  return percent_decode(text);
}

std::string body_hash(const Client& client, const std::string& bucket) {
  const auto endpoint = client.endpoint(bucket);
  return endpoint && endpoint->scheme == "https" ? std::string(unsigned_payload) : std::string();
}

std::string content_type_of(std::string_view key) {
  return key.ends_with(".html") ? "text/html; charset=utf-8" : "application/octet-stream";
}

Outcome<std::string> put_checked(Client& client, ApiCall call, std::shared_ptr<const http::BodySource> body,
                                 std::uint64_t crc64nvme) {
  call.body = std::move(body);
  call.payload_hash = body_hash(client, call.bucket);
  if (client.sends_checksums()) call.headers.push_back({crc64nvme_header, checksum_text(crc64nvme)});
  const auto answer = client.call(call);
  if (!answer) return tl::unexpected(answer.error());
  std::string etag = header_of(*answer, "ETag");
  if (etag.empty()) return tl::unexpected(bad_answer(client, call.operation, *answer, "the answer has no ETag"));
  return etag;
}

ObjectChecksum crc64nvme_of(std::uint64_t crc) {
  return {ChecksumAlgorithm::crc64nvme, checksum_text(crc)};
}

void ask_for_checksum(const Client& client, ApiCall& call) {
  if (client.asks_for_checksums()) call.headers.push_back({"x-amz-checksum-mode", "ENABLED"});
}

ObjectHead head_in(const Client& client, const ApiAnswer& answer) {
  ObjectHead head;
  head.etag = header_of(answer, "ETag");
  if (client.asks_for_checksums()) head.checksum = checksum_in(answer);
  head.modified = parse_http_date(header_of(answer, "Last-Modified"));
  return head;
}

}  // namespace smflow::aws
