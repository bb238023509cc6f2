#include "support/fake_environment.hpp"
#include "support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <smflow/aws/profile.hpp>

namespace smflow::aws {
namespace {

using smflow::test::FakeEnvironment;
using smflow::test::TemporaryFolder;
using testing::HasSubstr;

class Profile : public testing::Test {
 protected:
  ProfileFiles read(std::string_view config, std::string_view credentials = "") {
    auto files = read_profile_files(folder_.write("config", config), folder_.write("credentials", credentials));
    EXPECT_TRUE(files) << files.error().message;
    return files.value_or(ProfileFiles{});
  }

  TemporaryFolder folder_;
};

TEST_F(Profile, OfTheCredentialsFileWinsKeyByKey) {
  const auto files = read("[profile a]\nregion = r1\naws_access_key_id = OLD\n", "[a]\naws_access_key_id = NEW\n");
  EXPECT_EQ(files.get("a", "region"), "r1");
  EXPECT_EQ(files.get("a", "aws_access_key_id"), "NEW");
  EXPECT_EQ(files.get("a", "output"), std::nullopt);
  EXPECT_EQ(files.get("b", "region"), std::nullopt);
}

TEST_F(Profile, NamesMayBeQuotedAndOtherSectionsAreKeptApart) {
  const auto files = read(
      "[profile \"x y\"]\nregion = r\n[sso-session s]\nsso_region = t\n[services s]\ns3 =\n  a = b\n[plain]\nregion = "
      "no\n[profilea]\n");
  EXPECT_EQ(files.get("x y", "region"), "r");
  EXPECT_EQ(text_of(files.sso_sessions.at("s"), "sso_region"), "t");
  EXPECT_TRUE(files.services.contains("s"));
  EXPECT_FALSE(files.has("plain"));
  EXPECT_FALSE(files.has("a"));
}

TEST_F(Profile, DefaultMayBeWrittenInTwoWays) {
  const auto files = read("[profile default]\nregion = r1\n[default]\nregion = r2\noutput = json\n");
  EXPECT_EQ(files.get("default", "region"), "r1");
  EXPECT_EQ(files.get("default", "output"), "json");
}

TEST_F(Profile, FilesThatAreNotThereAreEmpty) {
  const auto files = read_profile_files(folder_ / "none", "");
  ASSERT_TRUE(files);
  EXPECT_FALSE(files->has("default"));
}

TEST_F(Profile, FilesThatAreTheNullDeviceAreEmpty) {
  const auto files = read_profile_files("/dev/null", "/dev/null");
  ASSERT_TRUE(files) << files.error().message;
  EXPECT_TRUE(files->config_profiles.empty());
}

TEST_F(Profile, FilesThatCannotBeReadAreAnError) {
  const auto files = read_profile_files(folder_.path(), "");
  ASSERT_FALSE(files);
  EXPECT_EQ(files.error().code, "E403");
}

TEST_F(Profile, IsChosenByOptionThenByEnvironment) {
  const auto files = read("[profile a]\n[profile b]\n[profile c]\n");
  FakeEnvironment environment{{"AWS_DEFAULT_PROFILE", "b"}};
  EXPECT_EQ(choose_profile(files, "", environment.lookup())->name, "b");
  environment["AWS_PROFILE"] = "c";
  EXPECT_EQ(choose_profile(files, "", environment.lookup())->name, "c");
  EXPECT_FALSE(choose_profile(files, "", environment.lookup())->by_option);
  EXPECT_EQ(choose_profile(files, "a", environment.lookup())->name, "a");
  EXPECT_TRUE(choose_profile(files, "a", environment.lookup())->by_option);
  EXPECT_EQ(choose_profile(files, "", FakeEnvironment{}.lookup())->name, "default");
}

TEST_F(Profile, ThatIsInNoFileIsAnErrorWithTheNearest) {
  const auto choice = choose_profile(read("[profile training]\n"), "trainin", FakeEnvironment{}.lookup());
  ASSERT_FALSE(choice);
  EXPECT_EQ(choice.error().code, "E402");
  EXPECT_THAT(choice.error().fix, HasSubstr("'training'"));
}

TEST_F(Profile, FilesAreFoundByEnvironmentOrBelowHome) {
  FakeEnvironment environment{{"HOME", "/home/ann"}};
  EXPECT_EQ(config_file_path(environment.lookup()), "/home/ann/.aws/config");
  EXPECT_EQ(credentials_file_path(environment.lookup()), "/home/ann/.aws/credentials");
  environment["AWS_CONFIG_FILE"] = "~/c";
  environment["AWS_SHARED_CREDENTIALS_FILE"] = "/x/k";
  EXPECT_EQ(config_file_path(environment.lookup()), "/home/ann/c");
  EXPECT_EQ(credentials_file_path(environment.lookup()), "/x/k");
  EXPECT_EQ(config_file_path(FakeEnvironment{}.lookup()), "");
}

}  // namespace
}  // namespace smflow::aws
