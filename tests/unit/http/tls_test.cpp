#include "support/temporary_folder.hpp"
#include "support/tls_server.hpp"

#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <smflow/http/transport.hpp>

namespace smflow::http {
namespace {

using namespace smflow::test;
using Kind = TransportError::Kind;
using testing::HasSubstr;

class Tls : public testing::Test {
 protected:
  auto get(const TlsServer& server, const std::string& host, const std::string& authority = "ca.pem") {
    const auto transport = make_transport({.ca_bundle = (folder_ / authority).string()});
    return transport->send({.url = "https://" + host + ":" + std::to_string(server.port()) + "/"});
  }

  void expect_refused(const tl::expected<Response, TransportError>& response, const char* reason) {
    ASSERT_FALSE(response);
    EXPECT_EQ(response.error().kind, Kind::tls);
    EXPECT_THAT(response.error().message, HasSubstr(reason));
  }

  TemporaryFolder folder_;
};

TEST_F(Tls, TrustsTheGivenAuthority) {
  make_authority(folder_.path(), "ca");
  make_certificate(folder_.path(), "ca", "server", 1);
  const TlsServer server(folder_.path(), "server");
  const auto response = get(server, "localhost");
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->status, 200);
}

TEST_F(Tls, RefusesAnUnknownAuthority) {
  make_authority(folder_.path(), "ca");
  make_authority(folder_.path(), "other");
  make_certificate(folder_.path(), "ca", "server", 1);
  const TlsServer server(folder_.path(), "server");
  expect_refused(get(server, "localhost", "other.pem"), "unable to get local issuer certificate");
}

TEST_F(Tls, RefusesAnotherHostsCertificate) {
  make_authority(folder_.path(), "ca");
  make_certificate(folder_.path(), "ca", "server", 1);
  const TlsServer server(folder_.path(), "server");
  expect_refused(get(server, "127.0.0.1"), "127.0.0.1");
}

TEST_F(Tls, RefusesAnExpiredCertificate) {
  make_authority(folder_.path(), "ca");
  make_certificate(folder_.path(), "ca", "server", -1);
  const TlsServer server(folder_.path(), "server");
  expect_refused(get(server, "localhost"), "expired");
}

TEST_F(Tls, ServesEightThreads) {
  make_authority(folder_.path(), "ca");
  make_certificate(folder_.path(), "ca", "server", 1);
  const TlsServer server(folder_.path(), "server");
  const auto transport = make_transport({.ca_bundle = (folder_ / "ca.pem").string()});
  std::atomic<int> good = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&] {
      good += transport->send({.url = "https://localhost:" + std::to_string(server.port())}).has_value() ? 1 : 0;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(good, 8);
}

}  // namespace
}  // namespace smflow::http
