#include "meter.hpp"
#include "multipart.hpp"

namespace smflow::s3 {

namespace {

Result<void> upload_in_one_piece(const UploadJob& job) {
  const SlotGuard slot(job.options.slots.get());
  const std::uint64_t size = job.source->size();
  const auto body = std::make_shared<FilePart>(job.source, 0, size);
  const auto sent = send_checked(job, *body, [&](std::uint64_t crc) {
    return aws::put_object(
        job.client,
        {.object = job.object, .body = body, .crc64nvme = crc, .only_new = job.only_new, .cancel = job.options.stop});
  });
  if (!sent) return tl::unexpected(sent.error());
  Meter(job.options.progress, size).add(size);
  return {};
}

}  // namespace

Result<void> upload_file(aws::Client& client, const aws::ObjectName& object, const std::filesystem::path& file,
                         bool only_new, const TransferOptions& options) {
  auto source = SourceFile::open(file);
  if (!source) return tl::unexpected(std::move(source).error());
  const UploadJob job{client, object, *std::move(source), only_new, options};
  if (auto checked = check_object_size(job.source->size()); !checked) return checked;
  return job.source->size() < options.least_part ? upload_in_one_piece(job) : upload_in_parts(job);
}

}  // namespace smflow::s3
