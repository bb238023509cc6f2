#include "support/scripted_server.hpp"
#include "support/temporary_folder.hpp"

#include <cstdlib>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <smflow/http/unix_socket.hpp>

namespace smflow::http {
namespace {

using namespace smflow::test;
using testing::HasSubstr;

class TransportTest : public testing::Test {
 protected:
  std::unique_ptr<Transport> transport_ = make_transport({.user_agent = "smflow-test"});
};

TEST_F(TransportTest, BringsStatusHeadersAndBody) {
  ScriptedServer server({{{answer(404, "none", {{"X-A", " b "}, {"x-a", "c"}})}}});
  const auto response = transport_->send({.url = server.url("/a/../b?x=%2F")});
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->status, 404);
  EXPECT_EQ(response->body, "none");
  EXPECT_EQ(find_header(response->headers, "X-a"), "b");
  EXPECT_EQ(server.requests()[0].target, "/a/../b?x=%2F");
  EXPECT_EQ(server.requests()[0].header("user-agent"), "smflow-test");
}

TEST_F(TransportTest, SendsABodyWithItsLengthAndWithoutExpect) {
  ScriptedServer server({{{answer(200)}}});
  const std::string text(3u << 20, 'x');
  ASSERT_TRUE(transport_->send({.method = "POST", .url = server.url(), .body = body_of(text)}));
  const auto request = server.requests()[0];
  EXPECT_EQ(request.method, "POST");
  EXPECT_TRUE(request.body == text);
  EXPECT_EQ(request.header("expect"), "");
  EXPECT_EQ(request.header("content-type"), "");
}

TEST_F(TransportTest, SendsALengthOnlyWhereTheMethodDemandsOne) {
  ScriptedServer server({{.actions = {answer(200)}, .times = 0}});
  for (const char* method : {"PUT", "POST", "GET", "DELETE"}) {
    ASSERT_TRUE(transport_->send({.method = method, .url = server.url()})) << method;
  }
  const auto requests = server.requests();
  EXPECT_EQ(requests[0].header("content-length"), "0");
  EXPECT_EQ(requests[1].header("content-length"), "0");
  EXPECT_EQ(requests[2].header("content-length"), "");
  EXPECT_EQ(requests[3].header("content-length"), "");
}

TEST_F(TransportTest, TakesTheHeadersOfHeadWithoutABody) {
  ScriptedServer server({{{send_bytes("HTTP/1.1 200 OK\r\nContent-Length: 77\r\n\r\n")}}});
  const auto response = transport_->send({.method = "HEAD", .url = server.url()});
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(find_header(response->headers, "content-length"), "77");
}

TEST_F(TransportTest, KeepsTheConnection) {
  ScriptedServer server({{.actions = {answer(200)}, .times = 0}});
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(transport_->send({.url = server.url()}));
  EXPECT_EQ(server.connections(), 1);
}

TEST_F(TransportTest, ServesEightThreadsOnAtMostEightConnections) {
  ScriptedServer server({{.actions = {answer(200, "ok")}, .times = 0}});
  std::vector<std::thread> threads;
  std::atomic<int> good = 0;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 10; ++i) good += transport_->send({.url = server.url()}).has_value() ? 1 : 0;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(good, 80);
  EXPECT_LE(server.connections(), 8);
}

TEST_F(TransportTest, GivesOnlyTheBodyOfASuccessToTheSink) {
  ScriptedServer server({{{answer(200, "yes")}}, {{answer(403, std::string(100'000, 'n'))}}});
  std::string taken;
  const BodySink sink = [&](std::span<const std::byte> piece) -> Result<void> {
    taken.append(reinterpret_cast<const char*>(piece.data()), piece.size());
    return {};
  };
  ASSERT_TRUE(transport_->send({.url = server.url(), .sink = sink}));
  const auto refused = transport_->send({.url = server.url(), .sink = sink});
  ASSERT_TRUE(refused) << refused.error().message;
  EXPECT_EQ(refused->status, 403);
  EXPECT_EQ(refused->body.size(), 64u << 10);
  EXPECT_EQ(taken, "yes");
}

TEST_F(TransportTest, FollowsNoRedirect) {
  ScriptedServer server({{{answer(301, "", {{"Location", "/other"}})}}});
  EXPECT_EQ(transport_->send({.url = server.url()})->status, 301);
  EXPECT_EQ(server.requests().size(), 1u);
}

TEST_F(TransportTest, TakesTheProxyOfTheEnvironmentButNotForThisMachine) {
  ScriptedServer proxy({{{answer(200, "by proxy")}}});
  ScriptedServer server({{{answer(200, "direct")}}});
  ::setenv("http_proxy", proxy.url("").c_str(), 1);
  const auto far = transport_->send({.url = "http://far.invalid/x"});
  const auto near = transport_->send({.url = server.url()});
  ::unsetenv("http_proxy");
  ASSERT_TRUE(far) << far.error().message;
  EXPECT_EQ(far->body, "by proxy");
  EXPECT_EQ(proxy.requests()[0].target, "http://far.invalid/x");
  EXPECT_EQ(near->body, "direct");
}

TEST_F(TransportTest, SpeaksOverAUnixSocketWithoutAProxy) {
  const TemporaryFolder folder;
  ScriptedServer server(folder / "s", {{.actions = {answer(200, "by socket")}, .times = 2}});
  const auto transport = make_unix_transport(folder / "s", "smflow-test");
  ::setenv("http_proxy", "http://127.0.0.1:1", 1);
  for (const char* host : {"one.invalid", "two.invalid"}) {
    const auto response = transport->send({.url = std::string("http://") + host + "/x"});
    ASSERT_TRUE(response) << response.error().message;
    EXPECT_EQ(response->body, "by socket");
  }
  ::unsetenv("http_proxy");
  EXPECT_EQ(server.requests()[0].header("host"), "one.invalid");
}

TEST_F(TransportTest, SaysThatNobodyListensOnAUnixSocket) {
  const TemporaryFolder folder;
  const auto response = make_unix_transport(folder / "s", "smflow-test")->send({.url = "http://engine/"});
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().kind, TransportError::Kind::connect);
}

TEST_F(TransportTest, SaysThatTheProxyRefusedTheTunnel) {
  ScriptedServer proxy({{{answer(407), close_connection()}}});
  ::setenv("https_proxy", proxy.url("").c_str(), 1);
  const auto response = transport_->send({.url = "https://far.invalid/x"});
  ::unsetenv("https_proxy");
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().kind, TransportError::Kind::connect);
  EXPECT_THAT(response.error().message, HasSubstr("407"));
}

}  // namespace
}  // namespace smflow::http
