#include "route.hpp"

#include "certificates.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

namespace smflow::http {
namespace {

TEST(Route, KnowsThisMachine) {
  for (const char* host :
       {"localhost", "a.localhost", "127.9.9.9", "[::1]", "169.254.169.254", "[fd00:ec2::254]", "[fd00:ec2::23]"}) {
    EXPECT_TRUE(is_on_this_machine(host)) << host;
  }
  for (const char* host : {"mylocalhost", "128.0.0.1", "169.253.0.1", "localhost.com", "[::2]", "[fd00:ec3::1]"}) {
    EXPECT_FALSE(is_on_this_machine(host)) << host;
  }
}

TEST(Route, RefusesOtherSchemesAndUserNames) {
  EXPECT_EQ(route_of("https://h/a")->origin, "https://h:443");
  for (const char* url : {"ftp://h/", "h", "", "http://u:p@h/", "file:///etc/passwd"})
    EXPECT_FALSE(route_of(url)) << url;
}

TEST(Certificates, AreChosenInOrder) {
  const test::TemporaryFolder folder;
  const auto none = [](const char*) { return std::optional<std::string>(); };
  const auto both = [](const char* name) { return std::optional<std::string>(name); };
  EXPECT_EQ(choose_certificates("own.pem", both, folder.path()).file, "own.pem");
  EXPECT_EQ(choose_certificates("", both, folder.path()).file, "CURL_CA_BUNDLE");
  EXPECT_FALSE(choose_certificates("", none, folder.path()).folder);
  folder.write("abcd1234.0", "");
  EXPECT_EQ(choose_certificates("", none, folder.path()).folder, folder.path().string());
}

}  // namespace
}  // namespace smflow::http
