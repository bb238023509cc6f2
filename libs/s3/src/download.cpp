#include "errors.hpp"
#include "fetch.hpp"
#include "meter.hpp"
#include "target_file.hpp"

#include <algorithm>
#include <atomic>

#include <smflow/aws/checksum.hpp>
#include <smflow/base/parallel.hpp>

namespace smflow::s3 {

namespace {

Error replaced_meanwhile(const aws::ObjectName& object, const std::string& how_often = {}) {
  return {.code = "E442",
          .exit = ExitCode::conflict,
          .message = "'" + uri_of(object) + "' was replaced while it was downloaded" + how_often,
          .fix = "let what writes it end first"};
}

// 416: it is shorter now.
bool is_replaced(const aws::AwsError& error) {
  return error.status == 412 || error.status == 416;
}

class Download {
 public:
  Download(aws::Client& client, const aws::ObjectName& object, const std::filesystem::path& file,
           const TransferOptions& options)
      : client_(client), object_(object), file_(file), options_(options) {}

  Result<void> run(std::optional<std::uint64_t> size) {
    if (size && *size < options_.least_part) return in_one_piece();
    auto done = ask_and_get();
    if (replaced_) done = ask_and_get();
    return replaced_ ? tl::unexpected(replaced_meanwhile(object_, ", twice")) : done;
  }

 private:
  Result<void> ask_and_get() {
    replaced_ = false;
    const auto head = aws::head_object(client_, object_, options_.stop);
    if (!head) return tl::unexpected(error_of(head.error(), object_));
    return head->size < options_.least_part ? in_one_piece() : in_parts(*head);
  }

  Result<void> in_one_piece() {
    const SlotGuard slot(options_.slots.get());
    auto target = TargetFile::create(file_);
    if (!target) return tl::unexpected(std::move(target).error());
    const auto got = fetch({.client = client_, .object = object_, .stop = options_.stop},
                           [&](std::uint64_t at, auto bytes) { return target->write(at, bytes); });
    if (!got) return tl::unexpected(error_of(got.error(), object_));
    if (auto right = verify(object_, got->head, got->crc64nvme); !right) return right;
    Meter(options_.progress, got->size).add(got->size);
    return target->commit(got->head.modified);
  }

  Result<void> in_parts(const aws::ObjectHead& head) {
    auto target = TargetFile::create(file_);
    if (!target) return tl::unexpected(std::move(target).error());
    if (auto reserved = target->reserve(head.size); !reserved) return reserved;
    const auto ranges = parts_of(head.size, part_size_of(head.size, options_.least_part));
    std::vector<std::uint64_t> checksums(ranges.size());
    Meter meter(options_.progress, head.size);
    auto all = in_parallel(ranges.size(), options_.connections, options_.stop,
                           [&](std::size_t i, const std::stop_token& stop) -> Result<void> {
                             const auto checksum = part(*target, head.etag, ranges[i], stop);
                             if (!checksum) return tl::unexpected(checksum.error());
                             checksums[i] = *checksum;
                             meter.add(ranges[i].length);
                             return {};
                           });
    if (!all) return all;
    std::uint64_t whole = 0;
    for (std::size_t i = 0; i < ranges.size(); ++i) {
      whole = aws::crc64nvme_combine(whole, checksums[i], ranges[i].length);
    }
    if (auto right = verify(object_, head, whole); !right) return right;
    return target->commit(head.modified);
  }

  Result<std::uint64_t> part(TargetFile& target, const std::string& etag, const aws::ByteRange& range,
                             const std::stop_token& stop) {
    const SlotGuard slot(options_.slots.get());
    const auto got = fetch({.client = client_, .object = object_, .range = range, .if_match = etag, .stop = stop},
                           [&](std::uint64_t at, auto bytes) { return target.write(range.first + at, bytes); });
    if (got) return got->crc64nvme;
    if (is_replaced(got.error())) replaced_ = true;
    return tl::unexpected(error_of(got.error(), object_));
  }

  aws::Client& client_;
  const aws::ObjectName& object_;
  const std::filesystem::path& file_;
  const TransferOptions& options_;
  std::atomic<bool> replaced_ = false;
};

}  // namespace

Result<void> download_file(aws::Client& client, const aws::ObjectName& object, const std::filesystem::path& file,
                           const TransferOptions& options, std::optional<std::uint64_t> size) {
  return Download(client, object, file, options).run(size);
}

Result<std::string> download_text(aws::Client& client, const aws::ObjectName& object, std::uint64_t limit,
                                  std::stop_token stop) {
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
  const auto got = fetch({.client = client, .object = object, .stop = std::move(stop)}, take);
  if (!got) return tl::unexpected(error_of(got.error(), object));
  if (auto right = verify(object, got->head, got->crc64nvme); !right) return tl::unexpected(std::move(right).error());
  return text;
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
