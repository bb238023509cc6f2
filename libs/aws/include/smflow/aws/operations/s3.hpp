#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <smflow/aws/checksum.hpp>
#include <smflow/aws/client.hpp>

// Operations of Amazon S3 (API version 2006-03-01) that smflow uses. Keys are as they are meant, not encoded. ETags
// keep their quotes. Bodies are not signed over https. A `payload_hash` that is empty lets the client hash the body.
// With Checksums::when_required of the client no checksum is sent, or none is asked for.
namespace smflow::aws {

struct ObjectName {
  std::string bucket;
  std::string key;
};

struct PutObjectInput {
  ObjectName object;
  std::shared_ptr<const http::BodySource> body;  // at most 5 GiB
  std::uint64_t crc64nvme = 0;                   // of the body; S3 refuses what does not match
  bool only_new = false;                         // Kind::conflict when the key exists
  std::stop_token cancel = {};
};
// The ETag; an answer without one is Kind::answer. When the answer to an earlier attempt was lost and the key exists
// now, the object decides: success if it has this size and checksum.
Outcome<std::string> put_object(Client& client, const PutObjectInput& input);

// As S3 keeps it: of the whole object, or of the checksums of its parts, one after the other.
struct ObjectChecksum {
  ChecksumAlgorithm algorithm = {};
  std::string value = {};   // in the form of checksum_text
  std::uint64_t parts = 0;  // 0: of the whole object
  bool operator==(const ObjectChecksum&) const = default;
};

// What S3 says of an object.
struct ObjectHead {
  std::uint64_t size = 0;  // of the whole object
  std::string etag = {};
  std::optional<ObjectChecksum> checksum = {};  // none also when it is of an algorithm of later years
  std::optional<WallTime> modified;             // to the second
};
Outcome<ObjectHead> head_object(Client& client, const ObjectName& object, std::stop_token cancel = {});

struct PartQuery {
  ObjectName object;
  std::string if_match;  // the ETag it must have, else Kind::conflict with status 412
  std::uint64_t number;  // from 1 on, as the object was uploaded
};
// The size of one part of an object that was uploaded in parts.
Outcome<std::uint64_t> head_part(Client& client, const PartQuery& query, std::stop_token cancel = {});

// Bytes from `first` on; `length` is not 0.
struct ByteRange {
  std::uint64_t first;
  std::uint64_t length;
};

struct GetObjectInput {
  ObjectName object;
  std::optional<ByteRange> range = {};  // none: the whole object
  std::string if_match = {};            // the ETag it must have, else Kind::conflict with status 412
  http::BodySink sink = {};             // none: the bytes are in GetObjectOutput::body
  std::stop_token cancel = {};
};
struct GetObjectOutput {
  ObjectHead head;
  std::string body;
};
// An answer that is not the range asked for is Kind::answer, before or after the sink has taken its bytes; how many
// those were is for the caller to count.
Outcome<GetObjectOutput> get_object(Client& client, const GetObjectInput& input);

// The region of a bucket.
Outcome<std::string> head_bucket(Client& client, const std::string& bucket, std::stop_token cancel = {});

struct ListedObject {
  std::string key;
  std::uint64_t size = 0;
  std::string etag = {};
  WallTime modified = {};
};
// Every object whose key begins with `prefix`, in S3's order, asked page by page. A page that is not the last and does
// not say how to go on is Kind::answer.
Outcome<std::vector<ListedObject>> list_objects(Client& client, const std::string& bucket, const std::string& prefix,
                                                std::stop_token cancel = {});

// Success also when there was no such object.
Outcome<void> delete_object(Client& client, const ObjectName& object);

// Within one region, at most 5 GiB. Replaces `to`.
Outcome<void> copy_object(Client& client, const ObjectName& from, const ObjectName& to);

struct MultipartUpload {
  ObjectName object;
  std::string id;
};
// Checked by CRC-64/NVME as a whole.
Outcome<MultipartUpload> create_multipart_upload(Client& client, const ObjectName& object, std::stop_token cancel = {});

struct UploadPartInput {
  const MultipartUpload& upload;
  int number;  // 1 to 10,000
  std::shared_ptr<const http::BodySource> body;
  std::uint64_t crc64nvme = 0;
  std::stop_token cancel = {};
};
// The ETag; an answer without one is Kind::answer.
Outcome<std::string> upload_part(Client& client, const UploadPartInput& input);

struct UploadedPart {
  int number;
  std::string etag;
};
struct CompleteInput {
  const MultipartUpload& upload;
  std::vector<UploadedPart> parts;  // ascending
  std::uint64_t size = 0;           // of the whole object
  std::uint64_t crc64nvme = 0;      // of the whole object
  bool only_new = false;            // Kind::conflict when the key exists
  std::stop_token cancel = {};
};
// When an earlier attempt had been carried out and its answer was lost, S3 no longer knows the upload, or says that the
// key exists; then the object decides: success if it has this size and checksum.
Outcome<void> complete_multipart_upload(Client& client, const CompleteInput& input);

// Success also when S3 does not know the upload. Ends after 3 s at the latest.
Outcome<void> abort_multipart_upload(Client& client, const MultipartUpload& upload);

}  // namespace smflow::aws
