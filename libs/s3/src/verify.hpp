#pragma once

#include <smflow/s3/transfer.hpp>

namespace smflow::s3 {

// What an object is to be compared with.
struct Subject {
  aws::Client& client;
  const aws::ObjectName& object;
  const aws::ObjectHead& head;
  int connections = 1;
  std::stop_token stop = {};
};

// What came, in pieces that follow each other, with the checksum of each.
struct Arrival {
  struct Piece {
    aws::ByteRange range;
    std::string checksum;  // its bytes
  };
  using Read = std::function<Result<void>(std::uint64_t at, std::span<std::byte> out)>;

  aws::ChecksumAlgorithm algorithm;
  std::vector<Piece> pieces;
  Read read;  // reads back; from several threads
};

// The parts that the object's checksum is of, told by the size of the first one: all are equal but the last, as
// programs upload. The whole object when they cannot be equal, and when there are none; none when S3 does not say.
// E442, as_error.
Result<std::vector<aws::ByteRange>> likely_parts(const Subject& subject);

// E441 unless the object has no checksum, or what came has the same; a checksum of parts that S3 does not tell is not
// looked at. When it is not that of the likely parts, S3 is asked for each. What the pieces do not say of a part is
// read back. E442, as_error.
Result<void> verify(const Subject& subject, const Arrival& arrival, const std::vector<aws::ByteRange>& parts);

}  // namespace smflow::s3
