#include "verify.hpp"

#include "errors.hpp"

#include <algorithm>

#include <smflow/base/base64.hpp>
#include <smflow/base/parallel.hpp>

namespace smflow::s3 {

namespace {

using Parts = std::vector<aws::ByteRange>;

// Services like S3 need not know parts of an object; what is worse than that is an error.
bool is_not_told(const aws::AwsError& error) {
  using Kind = aws::AwsError::Kind;
  constexpr int not_implemented = 501;
  return error.status == not_implemented || error.kind == Kind::invalid || error.kind == Kind::access_denied;
}

// None when S3 does not say.
Result<std::optional<std::uint64_t>> size_of_part(const Subject& subject, std::uint64_t number,
                                                  const std::stop_token& stop) {
  const auto size = aws::head_part(subject.client, {subject.object, subject.head.etag, number}, stop);
  if (size) return *size;
  if (is_not_told(size.error())) return std::nullopt;
  return tl::unexpected(is_replaced(size.error()) ? replaced_meanwhile(subject.object)
                                                  : error_of(size.error(), subject.object));
}

// As S3 says them, one by one; none unless they make the whole.
Result<Parts> told_parts(const Subject& subject) {
  std::vector<std::uint64_t> sizes(subject.head.checksum->parts);
  auto asked = in_parallel(sizes.size(), subject.connections, subject.stop,
                           [&](std::size_t i, const std::stop_token& stop) -> Result<void> {
                             const auto size = size_of_part(subject, i + 1, stop);
                             if (!size) return tl::unexpected(size.error());
                             sizes[i] = size->value_or(0);
                             return {};
                           });
  if (!asked) return tl::unexpected(std::move(asked).error());
  Parts parts;
  std::uint64_t end = 0;
  for (const std::uint64_t size : sizes) {
    parts.push_back({end, size});
    end += size;
  }
  return end == subject.head.size ? parts : Parts{};
}

// Of the pieces that make up the part, if they do.
std::optional<std::string> joined(const Arrival& arrival, const aws::ByteRange& part) {
  auto piece =
      std::ranges::lower_bound(arrival.pieces, part.first, {}, [](const auto& one) { return one.range.first; });
  std::optional<std::string> checksum;
  std::uint64_t length = 0;
  for (; piece != arrival.pieces.end() && piece->range.first == part.first + length; ++piece) {
    if (checksum && !aws::can_combine(arrival.algorithm)) return std::nullopt;
    checksum =
        checksum ? aws::combined(arrival.algorithm, *checksum, piece->checksum, piece->range.length) : piece->checksum;
    length += piece->range.length;
    if (length >= part.length) break;
  }
  return length == part.length ? checksum : std::nullopt;
}

Result<std::string> read_back(const Arrival& arrival, const aws::ByteRange& part, aws::ChecksumAlgorithm algorithm) {
  aws::Checksum checksum(algorithm);
  std::vector<std::byte> buffer(std::min<std::uint64_t>(part.length, 256u << 10));
  for (std::uint64_t at = 0; at < part.length;) {
    const std::span piece(buffer.data(), std::min<std::uint64_t>(buffer.size(), part.length - at));
    if (auto read = arrival.read(part.first + at, piece); !read) return tl::unexpected(std::move(read).error());
    checksum.update(piece);
    at += piece.size();
  }
  return checksum.finish();
}

// Of what came, as S3 computes it for an object of these parts.
Result<std::string> checksum_of(const Subject& subject, const Arrival& arrival, const Parts& parts) {
  const aws::ObjectChecksum& said = *subject.head.checksum;
  std::vector<std::string> checksums(parts.size());
  auto done = in_parallel(
      parts.size(), subject.connections, subject.stop, [&](std::size_t i, const std::stop_token&) -> Result<void> {
        auto known = said.algorithm == arrival.algorithm ? joined(arrival, parts[i]) : std::nullopt;
        auto made = known ? Result<std::string>(*std::move(known)) : read_back(arrival, parts[i], said.algorithm);
        if (!made) return tl::unexpected(std::move(made).error());
        checksums[i] = *std::move(made);
        return {};
      });
  if (!done) return tl::unexpected(std::move(done).error());
  if (said.parts == 0) return to_base64(checksums.front());
  aws::Checksum of_all(said.algorithm);
  for (const std::string& one : checksums) of_all.update(std::as_bytes(std::span(one)));
  return to_base64(of_all.finish());
}

}  // namespace

Result<Parts> likely_parts(const Subject& subject) {
  const std::uint64_t size = subject.head.size;
  const std::uint64_t count = subject.head.checksum ? subject.head.checksum->parts : 0;
  const Parts whole = {{0, size}};
  if (count < 2) return whole;
  const auto first = size_of_part(subject, 1, subject.stop);
  if (!first) return tl::unexpected(first.error());
  if (!*first || **first == 0 || **first >= size) return Parts{};
  return (size - 1) / **first + 1 == count ? parts_of(size, **first) : whole;
}

Result<void> verify(const Subject& subject, const Arrival& arrival, const Parts& parts) {
  if (!subject.head.checksum || parts.empty()) return {};
  const aws::ObjectChecksum& said = *subject.head.checksum;
  const std::uint64_t count = std::max<std::uint64_t>(said.parts, 1);
  auto here = parts.size() == count ? checksum_of(subject, arrival, parts) : Result<std::string>("");
  if (!here) return tl::unexpected(std::move(here).error());
  if (*here == said.value) return {};
  if (count > 1) {
    const auto told = told_parts(subject);
    if (!told) return tl::unexpected(told.error());
    if (told->empty()) return {};
    here = checksum_of(subject, arrival, *told);
    if (!here) return tl::unexpected(std::move(here).error());
    if (*here == said.value) return {};
  }
  return tl::unexpected(wrong_bytes(subject.object, "its " + std::string(aws::name_of(said.algorithm)) + " is " +
                                                        said.value + ", that of what came is " + *here));
}

}  // namespace smflow::s3
