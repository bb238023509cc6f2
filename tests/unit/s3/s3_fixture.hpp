#pragma once

#include "support/fake_s3.hpp"
#include "support/temporary_folder.hpp"

#include <atomic>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <smflow/s3/s3_store.hpp>

namespace smflow::s3 {

inline std::string random_bytes(std::size_t size, unsigned seed = 1) {
  std::mt19937 random(seed);
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random());
  return bytes;
}

class S3Test : public testing::Test {
 protected:
  using Call = test::FakeS3::Call;
  using Sent = test::FakeS3::Sent;

  // The names of what is in the test's folder, temporary files too.
  std::vector<std::string> left() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder_.path())) {
      names.push_back(entry.path().filename().string());
    }
    return names;
  }

  test::TemporaryFolder folder_;
  test::FakeS3 s3_;
  std::shared_ptr<aws::Client> client_ = s3_.client();
  const aws::ObjectName object_{"bucket", "a/b c"};
  TransferOptions options_{.connections = 4, .least_part = 1000};
};

}  // namespace smflow::s3
