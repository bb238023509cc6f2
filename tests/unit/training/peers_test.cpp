#include "nccl.hpp"

#include <numeric>
#include <random>
#include <thread>

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <torch/torch.h>

#include <smflow/base/unique_fd.hpp>
#include <smflow/training/peers.hpp>

namespace smflow::training {

namespace {

// None of those that Linux gives to connections: one of them could have it before the test does.
std::uint16_t free_port() {
  std::random_device random;
  std::uniform_int_distribution<int> ports(10'000, 32'767);
  for (int i = 0; i < 100; ++i) {
    const UniqueFd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const auto port = static_cast<std::uint16_t>(ports(random));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_ANY);
    address.sin_port = htons(port);
    if (::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return port;
  }
  ADD_FAILURE() << "no free port";
  return 0;
}

// Two hosts as two threads of this one.
class TwoPeers : public testing::Test {
 protected:
  template <class Work>
  void run(const Work& work, at::Device device = at::kCPU) {
    const std::vector<std::string> hosts{"127.0.0.1", "127.0.0.2"};
    const std::uint16_t port = free_port();
    std::vector<std::thread> threads;
    for (const std::string& host : hosts) {
      threads.emplace_back([&, host] {
        Environment environment;
        environment.current_host = host;
        environment.hosts = hosts;
        environment.master_port = port;
        auto peers = Peers::meet(environment, device, std::chrono::seconds(30));
        ASSERT_TRUE(peers) << peers.error().message;
        work(*peers);
      });
    }
    for (std::thread& thread : threads) thread.join();
  }
};

}  // namespace

TEST(Peers, OneAloneChangesNothing) {
  Peers peers;
  EXPECT_TRUE(peers.lead());
  EXPECT_EQ(peers.count(), 1u);
  EXPECT_EQ(peers.transport(), "");
  const at::Tensor tensor = at::arange(4, at::kFloat);
  EXPECT_TRUE(peers.average({tensor}));
  EXPECT_TRUE(at::equal(tensor, at::arange(4, at::kFloat)));
  EXPECT_EQ(*peers.least(7), 7);
  EXPECT_TRUE(*peers.any(true));
  EXPECT_FALSE(*peers.any(false));
}

TEST_F(TwoPeers, AverageTensorsOfAnyShapeAndOrder) {
  run([](Peers& peers) {
    const auto own = static_cast<float>(peers.rank() + 1);
    const at::Tensor vector = at::full({5}, own);
    const at::Tensor images =
        (at::arange(24, at::kFloat).view({1, 2, 3, 4}) * own).contiguous(at::MemoryFormat::ChannelsLast);
    ASSERT_TRUE(peers.average({vector, images}));
    EXPECT_TRUE(at::equal(vector, at::full({5}, 1.5f)));
    EXPECT_TRUE(at::equal(images, at::arange(24, at::kFloat).view({1, 2, 3, 4}) * 1.5f));
  });
}

TEST_F(TwoPeers, ShareWhatTheLeadingHostHas) {
  run([](Peers& peers) {
    const at::Tensor numbers = at::full({3}, static_cast<std::int64_t>(peers.rank()) + 10, at::kLong);
    const at::Tensor turned = (at::ones({2, 3}) * static_cast<double>(peers.rank() + 5)).t();
    ASSERT_TRUE(peers.share({numbers, turned}));
    EXPECT_TRUE(at::equal(numbers, at::full({3}, 10, at::kLong)));
    EXPECT_TRUE(at::equal(turned, at::full({3, 2}, 5.0f)));
    EXPECT_EQ(*peers.shared(peers.lead() ? 42 : 0), 42);
  });
}

TEST_F(TwoPeers, AgreeOnNumbersAndOnAStop) {
  run([](Peers& peers) {
    EXPECT_EQ(*peers.least(peers.lead() ? 9 : 4), 4);
    EXPECT_TRUE(*peers.any(!peers.lead()));
    EXPECT_FALSE(*peers.any(false));
  });
}

TEST_F(TwoPeers, OneThatIsGoneIsAnErrorOfTheOther) {
  run([](Peers& peers) {
    if (!peers.lead()) return;
    const auto lost = peers.least(1);
    ASSERT_FALSE(lost);
    EXPECT_EQ(lost.error().code, "E345");
    EXPECT_THAT(lost.error().message, testing::HasSubstr("lost each other"));
  });
}

TEST_F(TwoPeers, TellHowTensorsTravel) {
  run([](Peers& peers) { EXPECT_EQ(peers.transport(), "Gloo"); });
}

#ifndef SMFLOW_WITH_NCCL

TEST_F(TwoPeers, WithGpusTellWhyTensorsGoOverTheCpu) {
  run([](Peers& peers) { EXPECT_EQ(peers.transport(), "Gloo over the CPU, as the program was built without NCCL"); },
      at::Device(at::kCUDA, 0));
}

#endif

TEST(Nccl, TakesHostsThatHaveAGpuEach) {
  EXPECT_TRUE(nccl_takes({"b", "a", "c"}));
  EXPECT_FALSE(nccl_takes({"a", "b", "a"})) << "two hosts share one";
  EXPECT_FALSE(nccl_takes({"a", "", "b"})) << "one has none";
  EXPECT_FALSE(nccl_takes({}));
}

TEST(Peers, HaveAllDayWhereAProgramIsDebugged) {
  const auto only = [](const std::string& variable) {
    return [variable](const char* name) { return name == variable ? std::optional<std::string>("1") : std::nullopt; };
  };
  EXPECT_EQ(patience_with_peers(only("SMFLOW_DEBUG")), std::chrono::hours(24)) << "this program";
  EXPECT_EQ(patience_with_peers(only("SMFLOW_DEBUGGED_HOST")), std::chrono::hours(24)) << "one of its peers";
  EXPECT_EQ(patience_with_peers(only("SM_HOSTS")), std::chrono::minutes(10));
}

}  // namespace smflow::training
