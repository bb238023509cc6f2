#include "multipart.hpp"

#include "errors.hpp"
#include "meter.hpp"
#include "part_retry.hpp"

#include <smflow/aws/checksum.hpp>
#include <smflow/base/parallel.hpp>

namespace smflow::s3 {

namespace {

// An upload that S3 holds until it is complete; aborted when it never is.
class OpenUpload {
 public:
  OpenUpload(aws::Client& client, aws::MultipartUpload upload) : client_(client), upload_(std::move(upload)) {}
  ~OpenUpload() {
    try {
      if (!complete_) (void)aws::abort_multipart_upload(client_, upload_);
    } catch (const std::exception&) {
      // Without memory or threads it stays for the bucket's lifecycle rule.
    }
  }
  OpenUpload(const OpenUpload&) = delete;
  OpenUpload& operator=(const OpenUpload&) = delete;

  const aws::MultipartUpload& get() const { return upload_; }
  void set_complete() { complete_ = true; }

 private:
  aws::Client& client_;
  const aws::MultipartUpload upload_;
  bool complete_ = false;
};

class PartsUpload {
 public:
  PartsUpload(const UploadJob& job, const aws::MultipartUpload& upload)
      : job_(job),
        upload_(upload),
        ranges_(parts_of(job.source->size(), part_size_of(job.source->size(), job.options.least_part))),
        sent_(ranges_.size()),
        meter_(job.options.progress, job.source->size()) {}

  Result<void> send_all() {
    return in_parallel(ranges_.size(), job_.options.connections, job_.options.stop,
                       [this](std::size_t index, const std::stop_token& stop) { return send(index, stop); });
  }

  Result<void> complete() {
    if (auto unchanged = job_.source->check_unchanged(); !unchanged) return unchanged;
    const auto done = aws::complete_multipart_upload(job_.client, whole());
    return done ? Result<void>{} : tl::unexpected(error_of(done.error(), job_.object));
  }

 private:
  Result<void> send(std::size_t index, const std::stop_token& stop) {
    const SlotGuard slot(job_.options.slots.get());
    const auto body = std::make_shared<FilePart>(job_.source, ranges_[index].first, ranges_[index].length);
    auto sent = send_checked(job_, *body, [&](std::uint64_t crc) {
      const aws::UploadPartInput part{
          .upload = upload_, .number = static_cast<int>(index) + 1, .body = body, .crc64nvme = crc, .cancel = stop};
      return retry_part(
          job_.client, stop, [&] { return aws::upload_part(job_.client, part); }, verdict_of_part);
    });
    if (!sent) return tl::unexpected(std::move(sent).error());
    sent_[index] = *std::move(sent);
    meter_.add(ranges_[index].length);
    return {};
  }

  aws::CompleteInput whole() const {
    aws::CompleteInput input{.upload = upload_,
                             .parts = {},
                             .size = job_.source->size(),
                             .only_new = job_.only_new,
                             .cancel = job_.options.stop};
    for (std::size_t i = 0; i < sent_.size(); ++i) {
      input.parts.push_back({static_cast<int>(i) + 1, sent_[i].etag});
      input.crc64nvme = aws::crc64nvme_combine(input.crc64nvme, sent_[i].crc64nvme, ranges_[i].length);
    }
    return input;
  }

  const UploadJob& job_;
  const aws::MultipartUpload& upload_;
  const std::vector<aws::ByteRange> ranges_;
  std::vector<SentBody> sent_;
  Meter meter_;
};

}  // namespace

Result<SentBody> send_checked(const UploadJob& job, const http::BodySource& body, const Send& send) {
  for (bool again : {false, true}) {
    const auto crc = checksum_of(body);
    if (!crc) return tl::unexpected(crc.error());
    auto etag = send(*crc);
    if (etag) return SentBody{*std::move(etag), *crc};
    if (auto unchanged = job.source->check_unchanged(); !unchanged) return tl::unexpected(unchanged.error());
    const std::string& code = etag.error().code;
    const bool damaged = code == "BadDigest" || code == "XAmzContentSHA256Mismatch";
    if (!damaged || again) return tl::unexpected(error_of(etag.error(), job.object));
  }
  return {};
}

Result<void> upload_in_parts(const UploadJob& job) {
  auto created = aws::create_multipart_upload(job.client, job.object, job.options.stop);
  if (!created) return tl::unexpected(error_of(created.error(), job.object));
  OpenUpload upload(job.client, *std::move(created));
  PartsUpload parts(job, upload.get());
  if (auto sent = parts.send_all(); !sent) return sent;
  auto done = parts.complete();
  if (done) upload.set_complete();
  return done;
}

}  // namespace smflow::s3
