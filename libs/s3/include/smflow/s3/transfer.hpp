#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <semaphore>
#include <stop_token>

#include <smflow/aws/operations/s3.hpp>
#include <smflow/s3/part_plan.hpp>

// Files to and from Amazon S3, in parts that travel side by side. What goes up has a CRC-64/NVME of the whole. What
// comes down is compared with the checksum that S3 keeps of it, whichever of CRC64NVME, CRC32C, CRC32, SHA256 and SHA1
// that is, of the whole or of the parts it was uploaded in; without one only its length, and that all parts are of one
// ETag. Memory is bounded whatever the size: a file is read and written piece by piece. Errors of S3 are those of
// aws::as_error.
namespace smflow::s3 {

// Bytes done, of how many. Called from one thread at a time, whichever that is; `done` goes back when a transfer begins
// anew.
using Progress = std::function<void(std::uint64_t done, std::uint64_t total)>;

// Bounds the requests of several transfers together.
using Slots = std::counting_semaphore<1024>;

struct TransferOptions {
  int connections = 8;                        // parts of this transfer at a time
  std::shared_ptr<Slots> slots = {};          // that a part needs one of; none: no other limit
  std::uint64_t least_part = s3::least_part;  // what is smaller goes in one piece
  Progress progress = {};
  std::stop_token stop = {};  // E432, E904
};

// Uploads a regular file (else E901). E142 when `only_new` and the key exists; of several writers exactly one succeeds,
// except that S3 cannot tell one that repeats a request from another that writes the same bytes. E440: the file changed
// meanwhile. E443: it is too large. After a failure S3 keeps nothing of it: a multipart upload is aborted, which takes
// at most 3 s; what cannot be aborted is for a lifecycle rule of the bucket.
Result<void> upload_file(aws::Client& client, const aws::ObjectName& object, const std::filesystem::path& file,
                         bool only_new, const TransferOptions& options = {});

// Downloads an object to `file`, which is replaced when all bytes are there and is as it was otherwise; its folder must
// exist. The file gets the time of the object. E150: no such object. E441: what came is not what S3 has, twice. E442:
// the object was replaced meanwhile, twice. `size`, when the caller knows it from a listing, spares a request for what
// goes in one piece.
Result<void> download_file(aws::Client& client, const aws::ObjectName& object, const std::filesystem::path& file,
                           const TransferOptions& options = {}, std::optional<std::uint64_t> size = {});

// An object in memory. E150, E441, E901 when it is larger than `limit` bytes.
Result<std::string> download_text(aws::Client& client, const aws::ObjectName& object, std::uint64_t limit,
                                  std::stop_token stop = {});

// `length` bytes from `first` on in memory, fewer where the object ends; their number is checked, no checksum. E150,
// E441, E442: the object was replaced meanwhile.
Result<std::string> download_range(aws::Client& client, const aws::ObjectName& object, aws::ByteRange range,
                                   std::stop_token stop = {});

}  // namespace smflow::s3
