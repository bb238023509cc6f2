#include "failure.hpp"
#include "support/scripted_server.hpp"

#include <map>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netdb.h>

#include <smflow/base/files.hpp>
#include <smflow/base/json.hpp>
#include <smflow/http/transport.hpp>

namespace smflow::http {
namespace {

using namespace smflow::test;
using Kind = TransportError::Kind;

// One of tests/data/http/faults.json: what the server does for ever, and how it is to be reported.
struct Fault {
  std::string name;
  std::string script;
  Kind kind;
};

std::vector<Fault> faults() {
  const std::map<std::string, Kind> kinds = {
      {"broken", Kind::broken}, {"stalled", Kind::stalled}, {"too_large", Kind::too_large}};
  std::vector<Fault> faults;
  const std::string text = read_file(SMFLOW_SOURCE_DIR "/tests/data/http/faults.json").value();
  const Json list = parse_json(text, "faults").value();
  for (const Json& one : list) {
    const Json rule{{"times", 0}, {"do", one.at("do")}};
    faults.push_back({one.at("name"), Json{{"rules", Json::array({rule})}}.dump(), kinds.at(one.at("kind"))});
  }
  return faults;
}

class Faults : public testing::TestWithParam<Fault> {};

TEST_P(Faults, AreReportedByKindAndNotRepeated) {
  // A server on a busy machine may be slow to do what it is to do.
  const std::chrono::seconds stall(GetParam().kind == Kind::stalled ? 1 : 30);
  const ScriptedServer server(parse_script(GetParam().script).value());
  const auto response = make_transport({})->send({.url = server.url("/secret?token=1"),
                                                  .headers = {{"Range", "bytes=0-9"}},
                                                  .limits = {.stall = stall},
                                                  .response_limit = 1000});
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().kind, GetParam().kind) << response.error().message;
  EXPECT_THAT(response.error().message, testing::HasSubstr("127.0.0.1"));
  EXPECT_THAT(response.error().message, testing::Not(testing::HasSubstr("token")));
  EXPECT_EQ(server.requests().size(), 1u);
}

INSTANTIATE_TEST_SUITE_P(Http, Faults, testing::ValuesIn(faults()), [](const auto& param) { return param.param.name; });

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
