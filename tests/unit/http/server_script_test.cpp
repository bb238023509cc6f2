#include "support/scripted_server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <smflow/http/transport.hpp>

namespace smflow::test {
namespace {

TEST(ServerScript, IsPlayedAsWritten) {
  auto script = parse_script(R"({"rules": [
    {"method": "PUT", "path": "/key", "do": [{"answer": 200, "headers": {"ETag": "x"}, "body": "text"}]},
    {"path": "/drip", "do": [{"send": "HTTP/1.1 200 OK\r\n", "repeat": 1}, {"stall_ms": 1},
                             {"drip": "Content-Length: 0\r\n\r\n", "every_ms": 1}, {"close": true}]}]})");
  ASSERT_TRUE(script) << script.error().message;
  const ScriptedServer server(*std::move(script));
  const auto transport = http::make_transport({});
  const auto put = transport->send({.method = "PUT", .url = server.url("/key?a=b"), .body = http::body_of("abc")});
  ASSERT_TRUE(put) << put.error().message;
  EXPECT_EQ(put->body, "text");
  EXPECT_EQ(http::find_header(put->headers, "etag"), "x");
  EXPECT_EQ(server.requests()[0].body, "abc");
  EXPECT_EQ(transport->send({.url = server.url("/drip")})->status, 200);
  EXPECT_EQ(transport->send({.url = server.url("/key")})->status, 404);
}

TEST(ServerScript, ThatIsWrongIsAnError) {
  for (const char* text : {"", "{}", R"({"rules": [{}]})", R"({"rules": [{"do": [{"jump": 1}]}]})",
                           R"({"rules": [{"do": [{"answer": "x"}]}]})"}) {
    const auto script = parse_script(text);
    ASSERT_FALSE(script) << text;
    EXPECT_EQ(script.error().code, "E902") << text;
  }
}

}  // namespace
}  // namespace smflow::test
