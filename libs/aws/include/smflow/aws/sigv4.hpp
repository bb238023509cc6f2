#pragma once

#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <smflow/aws/credentials.hpp>
#include <smflow/aws/digest.hpp>
#include <smflow/http/transport.hpp>

// AWS Signature Version 4 ("Signature Version 4 for API requests", AWS General Reference), as pure functions: the time
// is an argument, and nothing is kept but derived keys in a cache that the caller owns.
namespace smflow::aws {

// Names and values as they are meant, not encoded.
using Query = std::vector<std::pair<std::string, std::string>>;

// What stands for the hash of a body that is not signed. S3 only.
inline constexpr std::string_view unsigned_payload = "UNSIGNED-PAYLOAD";
inline constexpr std::string_view unsigned_payload_with_trailer = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";

// A request before it is signed. Path and query are decoded, so that URL and signature come from one encoding.
struct SignableRequest {
  std::string method = "GET";
  std::string scheme = "https";
  std::string authority = {};  // host, and ":port" when it is not the scheme's own: the header Host
  std::string path = "/";      // decoded
  Query query = {};
  http::Headers headers = {};     // all that are sent, but Host and what signing adds
  std::string payload_hash = {};  // 64 hexadecimal digits or one of the constants above; empty: there is no body
};

// The region that the keys are derived for, and the signing name of the service.
struct SigningScope {
  std::string region;
  std::string service;
};

// A path and a query as they are sent and as they are signed.
struct EncodedTarget {
  std::string path;            // as sent
  std::string canonical_path;  // as signed: S3 takes it as sent, the others normalise it and encode it again
  std::string query;           // as sent and as signed: sorted, "name=" also without a value; without '?'
};
EncodedTarget encode_target(std::string_view path, const Query& query, std::string_view service);

// The URL of a request, also of one that is not signed.
std::string url_of(const SignableRequest& request, std::string_view service);

// The rungs of the ladder. `canonical_headers` are those that are signed, of any order and case.
struct CanonicalRequest {
  std::string text;
  std::string signed_headers;  // "host;x-amz-date"
};
CanonicalRequest canonical_request(std::string_view method, const EncodedTarget& target, const http::Headers& headers,
                                   std::string_view payload_hash);
std::string credential_scope(WallTime time, const SigningScope& scope);
std::string string_to_sign(WallTime time, const SigningScope& scope, std::string_view canonical_request);
Sha256Digest signing_key(std::string_view secret, WallTime time, const SigningScope& scope);

// The last derived keys, by secret, day, region and service. Safe to use from several threads.
class SigningKeys {
 public:
  Sha256Digest get(const std::string& secret, WallTime time, const SigningScope& scope);

 private:
  struct Entry {
    std::string secret;
    std::string scope;
    Sha256Digest key;
  };
  std::mutex mutex_;
  std::vector<Entry> entries_;
  std::size_t oldest_ = 0;
};

struct SignedRequest {
  std::string url;
  http::Headers headers;  // Host first, the request's, then those of signing; Authorization is the last
};
SignedRequest sign(const SignableRequest& request, const Credentials& credentials, const SigningScope& scope,
                   WallTime time, SigningKeys& keys);

// A URL that carries its signature and is valid for `lifetime` (at most 7 days). The headers of `request` are signed
// and must be sent with it. For S3 the body is not signed.
std::string presign(const SignableRequest& request, const Credentials& credentials, const SigningScope& scope,
                    WallTime time, std::chrono::seconds lifetime, SigningKeys& keys);

}  // namespace smflow::aws
