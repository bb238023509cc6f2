#pragma once

#include <smflow/s3/transfer.hpp>

namespace smflow::s3 {

struct FetchInput {
  aws::Client& client;
  const aws::ObjectName& object;
  std::optional<aws::ByteRange> range = {};  // none: all of it
  std::string if_match = {};                 // an ETag; with a range
  aws::ChecksumAlgorithm algorithm = aws::ChecksumAlgorithm::crc64nvme;
  std::stop_token stop = {};
};

struct Fetched {
  aws::ObjectHead head;
  std::uint64_t size = 0;     // of what came
  std::string checksum = {};  // of what came: its bytes
};

// Takes bytes, `at` counted from the first that was asked for. After a fault of the network it begins again at 0.
using WriteAt = std::function<Result<void>(std::uint64_t at, std::span<const std::byte> bytes)>;

// Gets all that was asked for and nothing else. What was cut short is asked for again, a few times: the client does not
// repeat a call that has handed out bytes.
aws::Outcome<Fetched> fetch(const FetchInput& input, const WriteAt& write);

}  // namespace smflow::s3
