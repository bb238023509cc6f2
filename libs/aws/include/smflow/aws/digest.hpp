#pragma once

#include <array>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace smflow::aws {

using Sha256Digest = std::array<unsigned char, 32>;

Sha256Digest sha256(std::string_view bytes);
// RFC 2104.
Sha256Digest hmac_sha256(std::span<const unsigned char> key, std::string_view bytes);

// 64 lower-case hexadecimal digits: the payload hash of a request.
std::string sha256_digits(std::string_view bytes);
// 40 lower-case hexadecimal digits; only for the names of the single sign-on cache.
std::string sha1_digits(std::string_view bytes);

// The digest of what comes in pieces, with the processor's instructions (base's Sha256 is for identities of small
// things).
enum class Digest { sha1, sha256 };
class DigestStream {
 public:
  explicit DigestStream(Digest digest);
  DigestStream(DigestStream&&) noexcept;
  DigestStream& operator=(DigestStream&&) noexcept;
  ~DigestStream();
  void update(std::string_view bytes);
  // The object is used up.
  std::vector<unsigned char> finish();

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

}  // namespace smflow::aws
