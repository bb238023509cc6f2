#include <thread>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <support/temporary_folder.hpp>
#include <sys/stat.h>
#include <unistd.h>

#include <smflow/base/unique_fd.hpp>
#include <smflow/base/write_all.hpp>
#include <smflow/runtime/given_credentials.hpp>

namespace smflow::runtime {
namespace {

using std::chrono::milliseconds;
constexpr const char* promise = "SMFLOW_CREDENTIALS_FIFO";

class GivenCredentials : public testing::Test {
 protected:
  GivenCredentials() { EXPECT_EQ(::mkfifo(fifo_.c_str(), 0600), 0); }

  // What the program's variables are after `text` came through the FIFO.
  Result<Variables> given(const std::string& text) {
    std::jthread writer([&] {
      const UniqueFd end(::open(fifo_.c_str(), O_WRONLY));
      static_cast<void>(write_all(end.get(), text, "fifo"));
    });
    Variables variables{{promise, fifo_}, {"HOME", "/root"}};
    return take_credentials(variables, std::chrono::seconds(30)).map([&] { return variables; });
  }

  test::TemporaryFolder folder_;
  const std::string fifo_ = folder_.path() / "credentials";
};

TEST_F(GivenCredentials, TakeThePlaceOfTheVariableThatPromisesThem) {
  const auto variables = given("AWS_ACCESS_KEY_ID=AKID\nAWS_SECRET_ACCESS_KEY=a=b/c+\n");
  ASSERT_TRUE(variables) << variables.error().message;
  EXPECT_EQ(*variables,
            (Variables{{"HOME", "/root"}, {"AWS_ACCESS_KEY_ID", "AKID"}, {"AWS_SECRET_ACCESS_KEY", "a=b/c+"}}));
}

TEST_F(GivenCredentials, NothingHappensWithoutAPromise) {
  Variables variables{{"HOME", "/root"}};
  ASSERT_TRUE(take_credentials(variables));
  EXPECT_EQ(variables, (Variables{{"HOME", "/root"}}));
}

TEST_F(GivenCredentials, AreVariablesOfAwsOnly) {
  for (const char* text : {"", "LD_PRELOAD=/evil.so\n", "AWS_ACCESS_KEY_ID\n"}) {
    const auto variables = given(text);
    ASSERT_FALSE(variables) << text;
    EXPECT_EQ(variables.error().code, "E236");
  }
}

TEST_F(GivenCredentials, ALauncherThatIsGoneIsNotWaitedForForever) {
  Variables variables{{promise, fifo_}};
  const auto taken = take_credentials(variables, milliseconds(50));
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().code, "E236");
}

TEST_F(GivenCredentials, AMissingFifoIsAnError) {
  Variables variables{{promise, folder_.path() / "nothing"}};
  const auto taken = take_credentials(variables);
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().code, "E236");
}

}  // namespace
}  // namespace smflow::runtime
