#include <stdexcept>

#include <openssl/evp.h>

#include <smflow/aws/digest.hpp>
#include <smflow/aws/encoding.hpp>

namespace smflow::aws {

namespace {

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using MdContext = std::unique_ptr<EVP_MD_CTX, FreeContext>;

// Fetched once and kept to the end of the program: fetching costs more than hashing a request.
const EVP_MD* algorithm(const char* name) {
  const EVP_MD* found = EVP_MD_fetch(nullptr, name, nullptr);
  if (found == nullptr) throw std::runtime_error(std::string("openssl has no ") + name);
  return found;
}

const EVP_MD* sha256_algorithm() {
  static const EVP_MD* const found = algorithm("SHA256");
  return found;
}

const EVP_MD* sha1_algorithm() {
  static const EVP_MD* const found = algorithm("SHA1");
  return found;
}

void check(int succeeded) {
  if (succeeded != 1) throw std::runtime_error("openssl cannot compute a digest");
}

EVP_MD_CTX* scratch() {
  thread_local const MdContext context(EVP_MD_CTX_new());
  if (context == nullptr) throw std::bad_alloc();
  return context.get();
}

Sha256Digest sha256_of(std::string_view first, std::string_view second) {
  EVP_MD_CTX* const context = scratch();
  check(EVP_DigestInit_ex2(context, sha256_algorithm(), nullptr));
  check(EVP_DigestUpdate(context, first.data(), first.size()));
  check(EVP_DigestUpdate(context, second.data(), second.size()));
  Sha256Digest digest{};
  check(EVP_DigestFinal_ex(context, digest.data(), nullptr));
  return digest;
}

template <std::size_t Size>
std::string_view as_text(const std::array<unsigned char, Size>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

Sha256Digest sha256(std::string_view bytes) {
  return sha256_of(bytes, {});
}

Sha256Digest hmac_sha256(std::span<const unsigned char> key, std::string_view bytes) {
  std::array<unsigned char, 64> inner{};
  std::array<unsigned char, 64> outer{};
  Sha256Digest short_key{};
  if (key.size() > inner.size()) {
    short_key = sha256({reinterpret_cast<const char*>(key.data()), key.size()});
    key = short_key;
  }
  for (std::size_t i = 0; i < inner.size(); ++i) {
    const unsigned char byte = i < key.size() ? key[i] : 0;
    inner[i] = byte ^ 0x36;
    outer[i] = byte ^ 0x5c;
  }
  const Sha256Digest inside = sha256_of(as_text(inner), bytes);
  return sha256_of(as_text(outer), as_text(inside));
}

std::string sha256_digits(std::string_view bytes) {
  return to_hex(sha256(bytes));
}

std::string sha1_digits(std::string_view bytes) {
  std::array<unsigned char, 20> digest{};
  check(EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, sha1_algorithm(), nullptr));
  return to_hex(digest);
}

struct DigestStream::Context {
  MdContext md{EVP_MD_CTX_new()};
};

DigestStream::DigestStream(Digest digest) : context_(std::make_unique<Context>()) {
  if (context_->md == nullptr) throw std::bad_alloc();
  check(
      EVP_DigestInit_ex2(context_->md.get(), digest == Digest::sha1 ? sha1_algorithm() : sha256_algorithm(), nullptr));
}

DigestStream::DigestStream(DigestStream&&) noexcept = default;
DigestStream& DigestStream::operator=(DigestStream&&) noexcept = default;
DigestStream::~DigestStream() = default;

void DigestStream::update(std::string_view bytes) {
  check(EVP_DigestUpdate(context_->md.get(), bytes.data(), bytes.size()));
}

std::vector<unsigned char> DigestStream::finish() {
  std::vector<unsigned char> digest(EVP_MAX_MD_SIZE);
  unsigned size = 0;
  check(EVP_DigestFinal_ex(context_->md.get(), digest.data(), &size));
  digest.resize(size);
  return digest;
}

}  // namespace smflow::aws
