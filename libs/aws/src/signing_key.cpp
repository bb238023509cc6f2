#include <smflow/aws/sigv4.hpp>
#include <smflow/aws/timestamp.hpp>

namespace smflow::aws {

namespace {

constexpr std::size_t kept_keys = 16;

}  // namespace

Sha256Digest signing_key(std::string_view secret, WallTime time, const SigningScope& scope) {
  const std::string start = "AWS4" + std::string(secret);
  const std::span<const unsigned char> bytes(reinterpret_cast<const unsigned char*>(start.data()), start.size());
  const Sha256Digest day = hmac_sha256(bytes, format_amz_date(time).substr(0, 8));
  return hmac_sha256(hmac_sha256(hmac_sha256(day, scope.region), scope.service), "aws4_request");
}

Sha256Digest SigningKeys::get(const std::string& secret, WallTime time, const SigningScope& scope) {
  std::string scope_text = credential_scope(time, scope);
  const std::lock_guard lock(mutex_);
  for (const Entry& entry : entries_) {
    if (entry.scope == scope_text && entry.secret == secret) return entry.key;
  }
  Entry entry{secret, std::move(scope_text), signing_key(secret, time, scope)};
  const Sha256Digest key = entry.key;
  if (entries_.size() < kept_keys) {
    entries_.push_back(std::move(entry));
  } else {
    entries_[oldest_] = std::move(entry);
    oldest_ = (oldest_ + 1) % kept_keys;
  }
  return key;
}

}  // namespace smflow::aws
