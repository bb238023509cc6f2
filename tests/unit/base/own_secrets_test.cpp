#include "support/temporary_folder.hpp"

#include <map>

#include <gtest/gtest.h>

#include <smflow/base/own_secrets.hpp>

namespace smflow {
namespace {

using Variables = std::map<std::string, std::string>;

std::vector<std::string> secrets_with(const Variables& variables) {
  return own_aws_secrets([&](const char* name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  });
}

TEST(OwnSecrets, AreThoseOfTheEnvironment) {
  EXPECT_EQ(secrets_with({{"AWS_SECRET_ACCESS_KEY", "0123456789abcdef"}, {"AWS_SESSION_TOKEN", "fedcba9876543210"}}),
            (std::vector<std::string>{"0123456789abcdef", "fedcba9876543210"}));
  EXPECT_TRUE(secrets_with({}).empty());
}

TEST(OwnSecrets, AreThoseOfAllProfiles) {
  const test::TemporaryFolder folder;
  folder.write("home/.aws/credentials",
               "[default]\naws_access_key_id = AKIA\naws_secret_access_key = 0123456789abcdef\n"
               "[other]\nAWS_SECRET_ACCESS_KEY=1123456789abcdef\r\naws_session_token=2123456789abcdef");
  folder.write("config", "[profile third]\n aws_secret_access_key  =  3123456789abcdef  \nregion = eu-west-1\n");
  EXPECT_EQ(secrets_with({{"HOME", (folder / "home").string()}, {"AWS_CONFIG_FILE", (folder / "config").string()}}),
            (std::vector<std::string>{"0123456789abcdef", "1123456789abcdef", "2123456789abcdef", "3123456789abcdef"}));
}

TEST(OwnSecrets, AreNotWhatWouldBeFoundEverywhere) {
  EXPECT_TRUE(secrets_with({{"AWS_SECRET_ACCESS_KEY", "test"}, {"HOME", "relative"}}).empty());
}

}  // namespace
}  // namespace smflow
