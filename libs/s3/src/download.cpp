#include "errors.hpp"
#include "fetch.hpp"
#include "meter.hpp"
#include "target_file.hpp"
#include "verify.hpp"

#include <algorithm>

#include <smflow/base/parallel.hpp>

namespace smflow::s3 {

namespace {

// What may be right when all of it is fetched once more: what came is damaged, or the object is another one now.
bool is_worth_another_try(const Error& error) {
  return error.code == "E441" || error.code == "E442";
}

class Download {
 public:
  Download(aws::Client& client, const aws::ObjectName& object, const std::filesystem::path& file,
           const TransferOptions& options)
      : client_(client), object_(object), file_(file), options_(options) {}

  Result<void> run(std::optional<std::uint64_t> size) {
    auto done = size && *size < options_.least_part ? in_one_piece() : ask_and_get();
    if (done || !is_worth_another_try(done.error())) return done;
    return ask_and_get();
  }

 private:
  Result<void> ask_and_get() {
    const auto head = aws::head_object(client_, object_, options_.stop);
    if (!head) return tl::unexpected(error_of(head.error(), object_));
    return head->size < options_.least_part ? in_one_piece() : in_parts(*head);
  }

  Subject subject(const aws::ObjectHead& head) const {
    return {client_, object_, head, options_.connections, options_.stop};
  }

  Result<void> in_one_piece() {
    const SlotGuard slot(options_.slots.get());
    auto target = TargetFile::create(file_);
    if (!target) return tl::unexpected(std::move(target).error());
    const FetchInput input{.client = client_, .object = object_, .stop = options_.stop};
    const auto got = fetch(input, [&](std::uint64_t at, auto bytes) { return target->write(at, bytes); });
    if (!got) return tl::unexpected(error_of(got.error(), object_));
    const Arrival arrival{input.algorithm, {{{0, got->size}, got->checksum}}, reader_of(*target)};
    auto parts = likely_parts(subject(got->head));
    if (!parts) return tl::unexpected(std::move(parts).error());
    if (auto right = verify(subject(got->head), arrival, *parts); !right) return right;
    Meter(options_.progress, got->size).add(got->size);
    return target->commit(got->head.modified);
  }

  Result<void> in_parts(const aws::ObjectHead& head) {
    auto target = TargetFile::create(file_);
    if (!target) return tl::unexpected(std::move(target).error());
    if (auto reserved = target->reserve(head.size); !reserved) return reserved;
    auto parts = likely_parts(subject(head));
    if (!parts) return tl::unexpected(std::move(parts).error());
    Arrival arrival{aws::ChecksumAlgorithm::crc64nvme,
                    pieces_of(parts->empty() ? std::vector{aws::ByteRange{0, head.size}} : *parts), reader_of(*target)};
    // A SHA of pieces says nothing of a part of several.
    if (head.checksum && (aws::can_combine(head.checksum->algorithm) || arrival.pieces.size() == parts->size())) {
      arrival.algorithm = head.checksum->algorithm;
    }
    Meter meter(options_.progress, head.size);
    auto all = in_parallel(arrival.pieces.size(), options_.connections, options_.stop,
                           [&](std::size_t i, const std::stop_token& stop) -> Result<void> {
                             Arrival::Piece& piece = arrival.pieces[i];
                             auto checksum = part(*target, head.etag, piece.range, arrival.algorithm, stop);
                             if (!checksum) return tl::unexpected(std::move(checksum).error());
                             piece.checksum = *std::move(checksum);
                             meter.add(piece.range.length);
                             return {};
                           });
    if (!all) return all;
    if (auto right = verify(subject(head), arrival, *parts); !right) return right;
    return target->commit(head.modified);
  }

  // None is of two parts, so that the checksums of pieces give those of parts.
  std::vector<Arrival::Piece> pieces_of(const std::vector<aws::ByteRange>& parts) const {
    std::vector<Arrival::Piece> pieces;
    for (const aws::ByteRange& part : parts) {
      for (const aws::ByteRange& range : parts_of(part.length, part_size_of(part.length, options_.least_part))) {
        pieces.push_back({{part.first + range.first, range.length}, {}});
      }
    }
    return pieces;
  }

  Result<std::string> part(TargetFile& target, const std::string& etag, const aws::ByteRange& range,
                           aws::ChecksumAlgorithm algorithm, const std::stop_token& stop) {
    const SlotGuard slot(options_.slots.get());
    auto got = fetch(
        {.client = client_, .object = object_, .range = range, .if_match = etag, .algorithm = algorithm, .stop = stop},
        [&](std::uint64_t at, auto bytes) { return target.write(range.first + at, bytes); });
    if (got) return std::move(got->checksum);
    return tl::unexpected(is_replaced(got.error()) ? replaced_meanwhile(object_) : error_of(got.error(), object_));
  }

  static Arrival::Read reader_of(const TargetFile& target) {
    return [&target](std::uint64_t at, std::span<std::byte> out) { return target.read(at, out); };
  }

  aws::Client& client_;
  const aws::ObjectName& object_;
  const std::filesystem::path& file_;
  const TransferOptions& options_;
};

Result<std::string> text_of(aws::Client& client, const aws::ObjectName& object, std::uint64_t limit,
                            const std::stop_token& stop) {
  std::string text;
  const auto take = [&](std::uint64_t at, std::span<const std::byte> bytes) -> Result<void> {
    text.resize(at);
    if (bytes.size() > limit - at) {
      return tl::unexpected(Error{.code = "E901",
                                  .exit = ExitCode::machine,
                                  .message = "it is larger than " + std::to_string(limit) + " bytes"});
    }
    text.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    return {};
  };
  const FetchInput input{.client = client, .object = object, .stop = stop};
  const auto got = fetch(input, take);
  if (!got) return tl::unexpected(error_of(got.error(), object));
  const auto read = [&](std::uint64_t at, std::span<std::byte> out) -> Result<void> {
    std::ranges::copy(std::as_bytes(std::span(text)).subspan(at, out.size()), out.begin());
    return {};
  };
  const Subject subject{.client = client, .object = object, .head = got->head, .stop = stop};
  auto parts = likely_parts(subject);
  if (!parts) return tl::unexpected(std::move(parts).error());
  const Arrival arrival{input.algorithm, {{{0, got->size}, got->checksum}}, read};
  if (auto right = verify(subject, arrival, *parts); !right) return tl::unexpected(std::move(right).error());
  return text;
}

}  // namespace

Result<void> download_file(aws::Client& client, const aws::ObjectName& object, const std::filesystem::path& file,
                           const TransferOptions& options, std::optional<std::uint64_t> size) {
  return Download(client, object, file, options).run(size);
}

Result<std::string> download_text(aws::Client& client, const aws::ObjectName& object, std::uint64_t limit,
                                  std::stop_token stop) {
  auto text = text_of(client, object, limit, stop);
  return text || !is_worth_another_try(text.error()) ? text : text_of(client, object, limit, stop);
}

Result<std::string> download_range(aws::Client& client, const aws::ObjectName& object, aws::ByteRange range,
                                   std::stop_token stop) {
  const auto head = aws::head_object(client, object, stop);
  if (!head) return tl::unexpected(error_of(head.error(), object));
  // S3 refuses to answer with nothing.
  if (range.first >= head->size || range.length == 0) return std::string();
  range.length = std::min(range.length, head->size - range.first);
  std::string bytes;
  const auto take = [&](std::uint64_t at, std::span<const std::byte> piece) -> Result<void> {
    bytes.resize(at);
    bytes.append(reinterpret_cast<const char*>(piece.data()), piece.size());
    return {};
  };
  const FetchInput input{
      .client = client, .object = object, .range = range, .if_match = head->etag, .stop = std::move(stop)};
  const auto got = fetch(input, take);
  if (got) return bytes;
  return tl::unexpected(is_replaced(got.error()) ? replaced_meanwhile(object) : error_of(got.error(), object));
}

}  // namespace smflow::s3
