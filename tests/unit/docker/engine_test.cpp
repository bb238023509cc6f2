#include "support/fake_transport.hpp"
#include "support/scripted_server.hpp"
#include "support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <smflow/docker/engine.hpp>

namespace smflow::docker {
namespace {

using namespace smflow::test;
using testing::HasSubstr;

constexpr const char* version_body = R"({"Version": "20.10.24", "Os": "linux", "Arch": "amd64"})";

Rule ping(const std::string& api) {
  return {.actions = {answer(200, "OK", {{"Api-Version", api}})}, .path = "/_ping", .times = 0};
}

Result<Engine> connect_to(const ScriptedServer& server) {
  static const auto transport = http::make_transport({.user_agent = "smflow-test"});
  return Engine::connect({.url = server.url(""), .shown = "tcp://here"}, *transport);
}

TEST(EngineVersionTest, IsTheLowerOfBoth) {
  for (const auto& [theirs, spoken] :
       {std::pair("1.41", "1.41"), std::pair("1.99", "1.47"), std::pair("1.40", "1.40")}) {
    const std::string path = std::string("/v") + spoken + "/version";
    const ScriptedServer server({ping(theirs), {.actions = {answer(200, version_body)}, .path = path}});
    const auto engine = connect_to(server);
    ASSERT_TRUE(engine) << engine.error().message;
    EXPECT_EQ(engine->version().api, spoken);
    EXPECT_EQ(engine->version().engine, "20.10.24");
    EXPECT_EQ(engine->version().architecture, "amd64");
  }
}

TEST(EngineVersionTest, IsAskedForOverAUnixSocket) {
  const TemporaryFolder folder;
  const ScriptedServer server(folder / "s", {ping("1.41"), {.actions = {answer(200, version_body)}}});
  const EngineAddress address{.unix_socket = folder / "s", .url = "http://engine", .shown = "unix://s"};
  const auto transport = transport_to(address, "smflow-test");
  const auto engine = Engine::connect(address, *transport);
  ASSERT_TRUE(engine) << engine.error().message;
  EXPECT_EQ(server.requests()[0].header("host"), "engine");
}

TEST(EngineVersionTest, RefusesAnEngineThatIsTooOld) {
  const ScriptedServer server({ping("1.24")});
  const auto engine = connect_to(server);
  ASSERT_FALSE(engine);
  EXPECT_EQ(engine.error().code, "E352");
  EXPECT_THAT(engine.error().message, HasSubstr("1.24"));
}

TEST(EngineVersionTest, RefusesWhatIsNoEngine) {
  for (const char* api : {"", "2.0", "1.", "1.4x", "1.-1"}) {
    const ScriptedServer server({ping(api)});
    const auto engine = connect_to(server);
    ASSERT_FALSE(engine) << api;
    EXPECT_EQ(engine.error().code, "E354") << api;
  }
}

TEST(EngineVersionTest, SaysThatNobodyAnswers) {
  FakeTransport transport;
  transport.fail(http::TransportError::Kind::connect, "cannot connect to 'engine'");
  const auto engine = Engine::connect({.url = "http://engine", .shown = "unix:///s"}, transport);
  ASSERT_FALSE(engine);
  EXPECT_EQ(engine.error().code, "E350");
  EXPECT_THAT(engine.error().message, HasSubstr("unix:///s: cannot connect"));
}

TEST(EngineVersionTest, HandsOnWhatTheEngineSays) {
  const ScriptedServer server({ping("1.41"), {.actions = {answer(500, R"({"message": "disk \u001b[31mfull"})")}}});
  const auto engine = connect_to(server);
  ASSERT_FALSE(engine);
  EXPECT_EQ(engine.error().code, "E353");
  EXPECT_EQ(engine.error().message, "the container engine refuses: disk \\x1b[31mfull");
}

}  // namespace
}  // namespace smflow::docker
