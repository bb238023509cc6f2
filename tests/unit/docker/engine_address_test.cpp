#include "support/fake_environment.hpp"
#include "support/scripted_server.hpp"
#include "support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <smflow/docker/engine_address.hpp>

namespace smflow::docker {
namespace {

using namespace smflow::test;
using testing::HasSubstr;

class EngineAddressTest : public testing::Test {
 protected:
  Result<EngineAddress> find(const std::string& host) {
    environment_["DOCKER_HOST"] = host;
    return find_engine(environment_.lookup());
  }

  TemporaryFolder folder_;
  FakeEnvironment environment_;
};

TEST_F(EngineAddressTest, TakesTheSocketOfDockerHost) {
  const ScriptedServer server(folder_ / "s", {});
  const auto address = find("unix://" + (folder_ / "s").string());
  ASSERT_TRUE(address) << address.error().message;
  EXPECT_EQ(address->unix_socket, folder_ / "s");
}

TEST_F(EngineAddressTest, TakesTcp) {
  const auto address = find("tcp://127.0.0.1:2375");
  ASSERT_TRUE(address) << address.error().message;
  EXPECT_EQ(address->url, "http://127.0.0.1:2375");
  EXPECT_EQ(address->unix_socket, "");
}

TEST_F(EngineAddressTest, RefusesWhatIsNoPlaceOfAnEngine) {
  for (const char* host : {"tcp://", "tcp://a/b", "ssh://host", "unix://relative", "/var/run/docker.sock"}) {
    const auto address = find(host);
    ASSERT_FALSE(address) << host;
    EXPECT_EQ(address.error().code, "E359") << host;
  }
}

TEST_F(EngineAddressTest, SaysThatThereIsNoEngine) {
  const auto none = find("unix://" + (folder_ / "s").string());
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, "E350");
  EXPECT_THAT(none.error().message, HasSubstr("no such file"));
  const auto file = find("unix://" + folder_.write("f", "").string());
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().code, "E350");
}

TEST_F(EngineAddressTest, SaysThatTheSocketIsForOthers) {
  std::filesystem::permissions(folder_.path(), std::filesystem::perms::none);
  const auto look = [&] {
    // Root may use every socket.
    if (::geteuid() == 0 && ::setresuid(65534, 65534, 65534) != 0) std::exit(2);
    const auto address = find("unix://" + (folder_ / "s").string());
    std::fputs(address ? "" : (address.error().code + " " + address.error().fix).c_str(), stderr);
    std::exit(0);
  };
  EXPECT_EXIT(look(), testing::ExitedWithCode(0), "E351 .*usermod -aG docker");
  std::filesystem::permissions(folder_.path(), std::filesystem::perms::owner_all);
}

TEST_F(EngineAddressTest, FindsTheSocketOfARootlessEngine) {
  if (std::filesystem::exists("/var/run/docker.sock")) GTEST_SKIP() << "the machine's own engine goes first";
  std::filesystem::create_directory(folder_ / "podman");
  const ScriptedServer server(folder_ / "podman/podman.sock", {});
  environment_["XDG_RUNTIME_DIR"] = folder_.path();
  const auto address = find_engine(environment_.lookup());
  ASSERT_TRUE(address) << address.error().message;
  EXPECT_EQ(address->unix_socket, folder_ / "podman/podman.sock");
}

}  // namespace
}  // namespace smflow::docker
