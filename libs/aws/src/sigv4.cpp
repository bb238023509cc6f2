#include "lower_case.hpp"
#include "sigv4_parts.hpp"

#include <algorithm>
#include <map>

#include <smflow/aws/encoding.hpp>
#include <smflow/aws/sigv4.hpp>
#include <smflow/aws/timestamp.hpp>

namespace smflow::aws {

namespace {

constexpr std::string_view empty_payload = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

// Not signed, because proxies and the transport change or add them.
bool is_signed(std::string_view lower_name) {
  return lower_name != "authorization" && lower_name != "expect" && lower_name != "transfer-encoding" &&
         lower_name != "user-agent" && lower_name != "x-amzn-trace-id";
}

bool is_blank(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

std::string with_single_blanks(std::string_view value) {
  std::string result;
  bool gap = false;
  for (const char c : value) {
    if (is_blank(c)) {
      gap = !result.empty();
      continue;
    }
    if (gap) result += ' ';
    gap = false;
    result += c;
  }
  return result;
}

std::string query_text(const Query& query) {
  std::vector<std::pair<std::string, std::string>> encoded;
  encoded.reserve(query.size());
  for (const auto& [name, value] : query) encoded.emplace_back(percent_encode(name), percent_encode(value));
  std::sort(encoded.begin(), encoded.end());
  std::string text;
  for (const auto& [name, value] : encoded) {
    if (!text.empty()) text += '&';
    text.append(name).append("=").append(value);
  }
  return text;
}

// Without "." and "..", and with single slashes.
std::string normalised(std::string_view path) {
  std::vector<std::string_view> parts;
  for (std::size_t begin = 0; begin < path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    const std::string_view part = path.substr(begin, end - begin);
    if (part == ".." && !parts.empty()) parts.pop_back();
    if (!part.empty() && part != "." && part != "..") parts.push_back(part);
    begin = end + 1;
  }
  std::string result;
  for (const std::string_view part : parts) result.append("/").append(part);
  if (result.empty() || path.ends_with('/')) result += '/';
  return result;
}

}  // namespace

bool is_s3(std::string_view service) {
  return service == "s3";
}

std::string payload_hash_of(const SignableRequest& request) {
  return request.payload_hash.empty() ? std::string(empty_payload) : request.payload_hash;
}

EncodedTarget encode_target(std::string_view path, const Query& query, std::string_view service) {
  EncodedTarget target;
  target.path = percent_encode(path, "/");
  if (!target.path.starts_with('/')) target.path.insert(0, 1, '/');
  target.canonical_path = is_s3(service) ? target.path : percent_encode(normalised(target.path), "/");
  target.query = query_text(query);
  return target;
}

std::string url_of(const SignableRequest& request, const EncodedTarget& target) {
  return request.scheme + "://" + request.authority + target.path + (target.query.empty() ? "" : "?") + target.query;
}

std::string url_of(const SignableRequest& request, std::string_view service) {
  return url_of(request, encode_target(request.path, request.query, service));
}

CanonicalRequest canonical_request(std::string_view method, const EncodedTarget& target, const http::Headers& headers,
                                   std::string_view payload_hash) {
  std::map<std::string, std::string> canonical;
  for (const http::Header& header : headers) {
    const std::string name = lower_case(header.name);
    if (!is_signed(name)) continue;
    const auto [at, is_new] = canonical.try_emplace(name, with_single_blanks(header.value));
    if (!is_new) at->second.append(",").append(with_single_blanks(header.value));
  }
  CanonicalRequest result;
  result.text.append(method).append("\n").append(target.canonical_path).append("\n").append(target.query).append("\n");
  for (const auto& [name, value] : canonical) {
    result.text.append(name).append(":").append(value).append("\n");
    result.signed_headers.append(result.signed_headers.empty() ? "" : ";").append(name);
  }
  result.text.append("\n").append(result.signed_headers).append("\n").append(payload_hash);
  return result;
}

std::string credential_scope(WallTime time, const SigningScope& scope) {
  return format_amz_date(time).substr(0, 8) + "/" + scope.region + "/" + scope.service + "/aws4_request";
}

std::string string_to_sign(WallTime time, const SigningScope& scope, std::string_view canonical_request) {
  return "AWS4-HMAC-SHA256\n" + format_amz_date(time) + "\n" + credential_scope(time, scope) + "\n" +
         sha256_digits(canonical_request);
}

SignedRequest sign(const SignableRequest& request, const Credentials& credentials, const SigningScope& scope,
                   WallTime time, SigningKeys& keys) {
  const std::string payload_hash = payload_hash_of(request);
  const EncodedTarget target = encode_target(request.path, request.query, scope.service);
  http::Headers headers{{"Host", request.authority}};
  headers.insert(headers.end(), request.headers.begin(), request.headers.end());
  headers.push_back({"X-Amz-Date", format_amz_date(time)});
  if (is_s3(scope.service)) headers.push_back({"X-Amz-Content-SHA256", payload_hash});
  if (!credentials.session_token.empty()) headers.push_back({"X-Amz-Security-Token", credentials.session_token});

  const CanonicalRequest canonical = canonical_request(request.method, target, headers, payload_hash);
  const Sha256Digest key = keys.get(credentials.secret_access_key, time, scope);
  const std::string signature = to_hex(hmac_sha256(key, string_to_sign(time, scope, canonical.text)));
  headers.push_back({"Authorization", "AWS4-HMAC-SHA256 Credential=" + credentials.access_key_id + "/" +
                                          credential_scope(time, scope) +
                                          ", SignedHeaders=" + canonical.signed_headers + ", Signature=" + signature});
  return {url_of(request, target), std::move(headers)};
}

}  // namespace smflow::aws
