#include "client_fixture.hpp"

#include <atomic>
#include <thread>

#include <smflow/aws/credential_chain.hpp>

namespace smflow::aws {
namespace {

using std::chrono::minutes;

class Refresh : public testing::Test {
 protected:
  Lookup fetch() {
    ++fetches_;
    if (broken_) return tl::unexpected(Error{.code = "E407", .message = "broken"});
    return Credentials{"KEY-" + std::to_string(fetches_), "S", "T", clock_.now() + minutes{60}};
  }

  test::FakeClock clock_;
  MiddleRandom random_;
  std::atomic<int> fetches_ = 0;
  std::atomic<bool> broken_ = false;
  CredentialChain chain_{{{"source", [this] { return fetch(); }}}, clock_, random_};
};

TEST_F(Refresh, HappensOnlyInsideTheWindow) {
  EXPECT_EQ(chain_.get()->access_key_id, "KEY-1");
  clock_.advance(minutes{45});
  EXPECT_EQ(chain_.get()->access_key_id, "KEY-1");
  clock_.advance(minutes{1});
  EXPECT_EQ(chain_.get()->access_key_id, "KEY-2");
  EXPECT_EQ(fetches_, 2);
}

TEST_F(Refresh, ThatFailsLeavesTheOldKeysUntilTheyExpire) {
  ASSERT_TRUE(chain_.get());
  broken_ = true;
  clock_.advance(minutes{46});
  EXPECT_EQ(chain_.get()->access_key_id, "KEY-1");
  EXPECT_EQ(chain_.get()->access_key_id, "KEY-1");
  EXPECT_EQ(fetches_, 2);
  clock_.advance(minutes{13});
  EXPECT_EQ(chain_.get()->access_key_id, "KEY-1");
  EXPECT_EQ(fetches_, 3);
  clock_.advance(minutes{1});
  EXPECT_EQ(chain_.get().error().code, "E407");
  broken_ = false;
  EXPECT_TRUE(chain_.get());
}

TEST_F(Refresh, FollowsARejectionOnce) {
  const Credentials first = *chain_.get();
  chain_.reject(first);
  EXPECT_EQ(chain_.get()->access_key_id, "KEY-2");
  chain_.reject(first);
  EXPECT_EQ(chain_.get()->access_key_id, "KEY-2");
}

TEST_F(Refresh, IsDoneOnceForAllThreads) {
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([this] {
      for (int i = 0; i < 100; ++i) EXPECT_EQ(chain_.get()->access_key_id, "KEY-1");
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(fetches_, 1);
}

TEST_F(Refresh, ThatBringsExpiredKeysIsAnError) {
  CredentialChain chain({{"source",
                          [this]() -> Lookup {
                            return Credentials{"OLD", "S", "T", clock_.now() - minutes{1}};
                          }}},
                        clock_, random_);
  EXPECT_EQ(chain.get().error().code, "E408");
}

TEST_F(Refresh, NeverHappensForKeysThatDoNotExpire) {
  int fetches = 0;
  CredentialChain chain({{"source", [&]() -> Lookup { return ++fetches, Credentials{"K", "S"}; }}}, clock_, random_);
  ASSERT_TRUE(chain.get());
  clock_.advance(std::chrono::hours{1000});
  ASSERT_TRUE(chain.get());
  EXPECT_EQ(fetches, 1);
}

}  // namespace
}  // namespace smflow::aws
