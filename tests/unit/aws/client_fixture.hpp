#pragma once

#include "support/fake_clock.hpp"
#include "support/fake_transport.hpp"

#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <smflow/aws/client.hpp>

namespace smflow::aws {

// Half of what is possible, always.
class MiddleRandom : public RandomSource {
 public:
  std::uint64_t next() override { return 1ull << 63; }
};

// Keys "KEY-1", "KEY-2", ... : another one after each rejection.
class NumberedCredentials : public CredentialSource {
 public:
  Result<Credentials> get() override {
    if (failure) return tl::unexpected(*failure);
    return Credentials{"KEY-" + std::to_string(number), "secret"};
  }
  void reject(const Credentials& expired) override {
    if (expired.access_key_id == "KEY-" + std::to_string(number)) ++number;
  }
  int number = 1;
  std::optional<Error> failure;
};

class ClientTest : public testing::Test {
 protected:
  ClientParts parts() {
    return {.transport = transport_,
            .credentials = &credentials_,
            .clock = clock_,
            .random = random_,
            .sleep = [this](std::chrono::milliseconds duration, std::stop_token) {
              slept_.push_back(duration.count());
              clock_.advance(duration);
              return true;
            }};
  }
  std::unique_ptr<Client> client(const Service& service, EndpointOptions options = {}) {
    return std::make_unique<Client>(service, "eu-west-1", std::move(options), parts());
  }

  test::FakeTransport transport_;
  test::FakeClock clock_;
  MiddleRandom random_;
  NumberedCredentials credentials_;
  std::vector<std::chrono::milliseconds::rep> slept_;
};

}  // namespace smflow::aws
