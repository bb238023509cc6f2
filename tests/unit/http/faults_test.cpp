#include "failure.hpp"
#include "support/scripted_server.hpp"

#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netdb.h>

#include <smflow/http/transport.hpp>

namespace smflow::http {
namespace {

using namespace smflow::test;
using Kind = TransportError::Kind;

struct Fault {
  const char* name;
  std::vector<Action> actions;
  Kind kind;
};

class Faults : public testing::TestWithParam<Fault> {};

TEST_P(Faults, AreReportedByKindAndNotRepeated) {
  ScriptedServer server({{.actions = GetParam().actions, .times = 0}});
  const auto response = make_transport({})->send({.url = server.url("/secret?token=1"),
                                                  .headers = {{"Range", "bytes=0-9"}},
                                                  .limits = {.stall = std::chrono::seconds(1)},
                                                  .response_limit = 1000});
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().kind, GetParam().kind) << response.error().message;
  EXPECT_THAT(response.error().message, testing::HasSubstr("127.0.0.1"));
  EXPECT_THAT(response.error().message, testing::Not(testing::HasSubstr("token")));
  EXPECT_EQ(server.requests().size(), 1u);
}

INSTANTIATE_TEST_SUITE_P(
    Http, Faults,
    testing::Values(
        Fault{"Reset", {reset_connection()}, Kind::broken}, Fault{"Closed", {close_connection()}, Kind::broken},
        Fault{"Garbage", {send_bytes("hello there\n\n"), close_connection()}, Kind::broken},
        Fault{"Truncated",
              {send_bytes("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"), close_connection()},
              Kind::broken},
        Fault{"ChunkTruncated",
              {send_bytes("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nabc"), close_connection()},
              Kind::broken},
        Fault{"RangeTruncated", {send_bytes("HTTP/1.1 206 Part\r\n\r\nabc"), close_connection()}, Kind::broken},
        Fault{"HugeHeader", {send_bytes("HTTP/1.1 200 OK\r\nA: "), send_bytes("xxxxxxxxxx", 40'000)}, Kind::broken},
        Fault{"TooLarge", {answer(200, std::string(1001, 'x'))}, Kind::too_large},
        Fault{"Silent", {stall()}, Kind::stalled},
        Fault{"Dripping",
              {send_bytes("HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n"),
               drip(std::string(999, 'x'), std::chrono::milliseconds(100))},
              Kind::stalled}),
    [](const auto& param) { return param.param.name; });

TEST(Connections, OneResetAtOnceIsBrokenOrRefused) {
  ScriptedServer server(Script{.rules = {}, .reset_connections = 1});
  const auto response = make_transport({})->send({.url = server.url()});
  ASSERT_FALSE(response);
  EXPECT_THAT(response.error().kind, testing::AnyOf(Kind::broken, Kind::connect));
}

TEST(Connections, NobodyListeningIsConnect) {
  std::string url;
  { url = ScriptedServer(Script{}).url(); }
  EXPECT_EQ(make_transport({})->send({.url = url}).error().kind, Kind::connect);
}

class Reused : public testing::TestWithParam<std::string> {};

TEST_P(Reused, ConnectionThatDiesIsReportedAndNotReplayed) {
  ScriptedServer server({{{answer(200)}}, {.actions = {reset_connection()}, .read_body = GetParam() != "MidBody"}});
  const auto transport = make_transport({});
  ASSERT_TRUE(transport->send({.url = server.url()}));
  const auto body = GetParam() == "NoBody" ? nullptr : body_of(std::string(GetParam() == "Small" ? 10 : 8u << 20, 'x'));
  const auto second = transport->send({.method = "PUT", .url = server.url(), .body = body});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, Kind::connection_reused) << second.error().message;
  EXPECT_EQ(server.requests().size(), 2u);
}

INSTANTIATE_TEST_SUITE_P(Http, Reused, testing::Values("NoBody", "Small", "WholeBody", "MidBody"),
                         [](const auto& param) { return param.param; });

TEST(Answers, BeforeTheBodyIsReadAreUsed) {
  ScriptedServer server({{.actions = {answer(503, "busy", {{"Connection", "close"}})}, .read_body = false}});
  const auto response =
      make_transport({})->send({.method = "PUT", .url = server.url(), .body = body_of(std::string(1u << 20, 'x'))});
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->status, 503);
}

TEST(Cancel, EndsAWaitingExchange) {
  ScriptedServer server({{{stall()}}});
  std::stop_source stop;
  std::thread canceller([&] {
    while (server.requests().empty()) std::this_thread::yield();
    stop.request_stop();
  });
  const auto response = make_transport({})->send({.url = server.url(), .cancel = stop.get_token()});
  canceller.join();
  EXPECT_EQ(response.error().kind, Kind::cancelled);
}

TEST(Stalls, HeadersDoNotKeepASlowExchangeAlive) {
  ScriptedServer server(
      {{{send_bytes("HTTP/1.1 200 OK\r\nA: "), drip(std::string(900, 'x'), std::chrono::milliseconds(20))}}});
  const auto response = make_transport({})->send({.url = server.url(), .limits = {.stall = std::chrono::seconds(1)}});
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().kind, Kind::stalled);
}

class BrokenBody : public BodySource {
 public:
  std::uint64_t size() const override { return 10; }
  Result<void> read(std::uint64_t, std::span<std::byte>) const override {
    return tl::unexpected(Error{"E900", ExitCode::machine, "disk gone"});
  }
};

TEST(OurSide, AFailingSourceOrSinkEndsTheExchange) {
  ScriptedServer server({{.actions = {answer(200, "x")}, .times = 0}});
  const auto transport = make_transport({});
  const auto sent = transport->send({.method = "PUT", .url = server.url(), .body = std::make_shared<BrokenBody>()});
  const auto received = transport->send({.url = server.url(), .sink = [](auto) -> Result<void> {
                                           return tl::unexpected(Error{"E900", ExitCode::machine, "disk full"});
                                         }});
  ASSERT_FALSE(sent);
  ASSERT_FALSE(received);
  EXPECT_EQ(sent.error().kind, Kind::local);
  EXPECT_EQ(sent.error().cause->message, "disk gone");
  EXPECT_EQ(received.error().cause->message, "disk full");
}

TEST(OurSide, AHeaderWithALineBreakIsNotSent) {
  ScriptedServer server(Script{});
  const auto response = make_transport({})->send({.url = server.url(), .headers = {{"A", "b\r\nC: d"}}});
  EXPECT_EQ(response.error().kind, Kind::local);
  EXPECT_EQ(server.connections(), 0);
}

TEST(Resolver, TellsAnUnknownNameFromASilentServer) {
  EXPECT_EQ(resolver_kind(EAI_NONAME), Kind::resolve);
  EXPECT_EQ(resolver_kind(EAI_AGAIN), Kind::resolve_later);
}

}  // namespace
}  // namespace smflow::http
