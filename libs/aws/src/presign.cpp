#include "sigv4_parts.hpp"

#include <smflow/aws/encoding.hpp>
#include <smflow/aws/timestamp.hpp>

namespace smflow::aws {

namespace {

http::Headers with_host(const SignableRequest& request) {
  http::Headers headers = request.headers;
  headers.push_back({"Host", request.authority});
  return headers;
}

}  // namespace

std::string presign(const SignableRequest& request, const Credentials& credentials, const SigningScope& scope,
                    WallTime time, std::chrono::seconds lifetime, SigningKeys& keys) {
  const http::Headers headers = with_host(request);
  const std::string signed_headers = canonical_request({}, {}, headers, {}).signed_headers;
  Query query = request.query;
  query.emplace_back("X-Amz-Algorithm", "AWS4-HMAC-SHA256");
  query.emplace_back("X-Amz-Credential", credentials.access_key_id + "/" + credential_scope(time, scope));
  query.emplace_back("X-Amz-Date", format_amz_date(time));
  query.emplace_back("X-Amz-Expires", std::to_string(lifetime.count()));
  query.emplace_back("X-Amz-SignedHeaders", signed_headers);
  if (!credentials.session_token.empty()) query.emplace_back("X-Amz-Security-Token", credentials.session_token);

  const EncodedTarget target = encode_target(request.path, query, scope.service);
  const std::string payload_hash = is_s3(scope.service) ? std::string(unsigned_payload) : payload_hash_of(request);
  const CanonicalRequest canonical = canonical_request(request.method, target, headers, payload_hash);
  const Sha256Digest key = keys.get(credentials.secret_access_key, time, scope);
  return url_of(request, target) +
         "&X-Amz-Signature=" + to_hex(hmac_sha256(key, string_to_sign(time, scope, canonical.text)));
}

}  // namespace smflow::aws
