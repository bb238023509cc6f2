#include "http_server.hpp"

#include <thread>

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <smflow/base/unique_fd.hpp>
#include <smflow/base/write_all.hpp>

namespace smflow::emulator {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class HttpServerTest : public testing::Test {
 protected:
  void SetUp() override {
    const auto handler = [this](const HttpRequest& request) {
      bodies_.push_back(request.body.text());
      return HttpAnswer{.body = "taken"};
    };
    server_ = HttpServer::bind(0, handler, 10).value();
    thread_ = std::jthread([this] { server_->serve(); });
    connection_.reset(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(server_->port()));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ASSERT_EQ(::connect(connection_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  }
  void TearDown() override {
    connection_.reset();
    server_->stop();
  }

  // All on one connection. Head and body of the answer, which ends with `end`.
  std::string answer_to(const std::string& framing_and_body, const std::string& end) {
    const std::string request = "PUT /b/k HTTP/1.1\r\nHost: 127.0.0.1\r\n" + framing_and_body;
    EXPECT_TRUE(write_all(connection_.get(), request, "the connection"));
    std::string answer;
    char buffer[4096];
    while (!answer.ends_with(end)) {
      const ssize_t got = ::recv(connection_.get(), buffer, sizeof buffer, 0);
      if (got <= 0) break;
      answer.append(buffer, static_cast<std::size_t>(got));
    }
    return answer;
  }

  std::vector<std::string> bodies_;
  std::unique_ptr<HttpServer> server_;
  std::jthread thread_;
  UniqueFd connection_;
};

TEST_F(HttpServerTest, RefusesABodyThatIsLargerThanAnObjectMayBe) {
  for (const char* body : {"Content-Length: 11\r\n\r\n01234567890",
                           "Transfer-Encoding: chunked\r\n\r\n6\r\n012345\r\n5\r\n67890\r\n0\r\n\r\n"}) {
    const std::string answer = answer_to(body, "</Error>");
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 400 "));
    EXPECT_THAT(answer, HasSubstr("<Code>EntityTooLarge</Code>"));
  }
  EXPECT_THAT(answer_to("Content-Length: 10\r\n\r\n0123456789", "taken"), StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(bodies_, testing::ElementsAre("0123456789"));
}

}  // namespace
}  // namespace smflow::emulator
