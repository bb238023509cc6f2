#pragma once

#include "source_file.hpp"

#include <smflow/s3/transfer.hpp>

namespace smflow::s3 {

struct UploadJob {
  aws::Client& client;
  const aws::ObjectName& object;
  std::shared_ptr<const SourceFile> source;
  bool only_new;
  const TransferOptions& options;
};

struct SentBody {
  std::string etag;
  std::uint64_t crc64nvme;
};

// Sends a body with its checksum; once more when S3 says that the two do not match, since the bytes may have been
// damaged on their way. When the file has changed that is the error, whatever S3 says.
using Send = std::function<aws::Outcome<std::string>(std::uint64_t crc64nvme)>;
Result<SentBody> send_checked(const UploadJob& job, const http::BodySource& body, const Send& send);

Result<void> upload_in_parts(const UploadJob& job);

}  // namespace smflow::s3
