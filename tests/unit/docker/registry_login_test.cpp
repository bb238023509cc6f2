#include "support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <smflow/docker/registry_login.hpp>

namespace smflow::docker {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class RegistryLogin : public testing::Test {
 protected:
  Result<RegistryAuth> login(const std::string& config, const std::string& registry = "host:5000") {
    folder_.write("config.json", config);
    return find_login(
        registry,
        [&](const char* name) -> std::optional<std::string> {
          return std::string_view(name) == "DOCKER_CONFIG" ? std::optional(folder_.path().string()) : std::nullopt;
        },
        [&](const std::vector<std::string>& command, ProcessLimits, std::string_view input) {
          command_ = command;
          input_ = input;
          return output_;
        });
  }

  const test::TemporaryFolder folder_;
  Result<ProcessOutput> output_ = ProcessOutput{0, R"({"ServerURL":"host:5000","Username":"ann","Secret":"pass"})", ""};
  std::vector<std::string> command_;
  std::string input_;
};

TEST_F(RegistryLogin, IsAskedOfTheHelperOfTheRegistry) {
  const auto found = login(R"({"credHelpers": {"host:5000": "one"}, "credsStore": "all", "auths": {"host:5000": {}}})");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->registry, "host:5000");
  EXPECT_EQ(found->user, "ann");
  EXPECT_EQ(found->password, "pass");
  EXPECT_THAT(command_, ElementsAre("docker-credential-one", "get"));
  EXPECT_EQ(input_, "host:5000");
}

TEST_F(RegistryLogin, IsAskedOfTheHelperOfAllRegistries) {
  ASSERT_TRUE(login(R"({"credHelpers": {"other": "one"}, "credsStore": "all"})"));
  EXPECT_THAT(command_, ElementsAre("docker-credential-all", "get"));
}

TEST_F(RegistryLogin, IsInTheFileWithoutAHelper) {
  const auto found = login(R"({"auths": {"host:5000": {"auth": "YW5uOnBhc3M6d29yZA=="}}, "credHelpers": {"a": "b"}})");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->password, "pass:word");
  EXPECT_TRUE(command_.empty());
  EXPECT_EQ(login(R"({"auths": {"host:5000": {}}})")->user, "");
}

TEST_F(RegistryLogin, OfDockerHubHasANameOfItsOwn) {
  for (const char* const registry : {"", "docker.io"}) {
    const auto found = login(R"({"auths": {"https://index.docker.io/v1/": {"auth": "YW5uOnBhc3M="}}})", registry);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->user, "ann");
    EXPECT_EQ(found->registry, "https://index.docker.io/v1/");
    ASSERT_TRUE(login(R"({"credsStore": "all"})", registry));
    EXPECT_EQ(input_, "https://index.docker.io/v1/");
  }
  EXPECT_EQ(login(R"({"auths": {"https://index.docker.io/v1/": {"auth": "YW5uOnBhc3M="}}})")->user, "");
}

TEST_F(RegistryLogin, IsFoundUnderTheNameThatOldClientsWrote) {
  EXPECT_EQ(login(R"({"auths": {"other:5000": {}, "https://host:5000/v1/": {"auth": "YW5uOnBhc3M="}}})")->user, "ann");
}

TEST_F(RegistryLogin, MayBeMissing) {
  output_ = ProcessOutput{1, "credentials not found in native keychain\n", ""};
  EXPECT_EQ(login(R"({"credsStore": "all"})")->user, "");
}

TEST_F(RegistryLogin, ThatAHelperCannotGiveIsAnErrorWithoutTheSecret) {
  for (const Result<ProcessOutput>& output :
       {Result<ProcessOutput>(ProcessOutput{1, "", "the keychain is locked"}),
        Result<ProcessOutput>(ProcessOutput{2, "", ""}),
        Result<ProcessOutput>(ProcessOutput{0, R"({"Secret":"pass")", ""}),
        Result<ProcessOutput>(ProcessOutput{0, R"({"Secret":"pass"})", ""}),
        Result<ProcessOutput>(ProcessOutput{0, R"({"Username":"<token>","Secret":"pass"})", ""}),
        Result<ProcessOutput>(tl::unexpect, Error{.code = "E399", .message = "cannot be started"})}) {
    output_ = output;
    const auto found = login(R"({"credsStore": "all"})");
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().code, "E367");
    EXPECT_THAT(found.error().message, HasSubstr("docker-credential-all"));
    EXPECT_THAT(found.error().message, Not(HasSubstr("pass")));
  }
}

TEST_F(RegistryLogin, OfAHelperWhoseNameIsAPathIsRefused) {
  EXPECT_EQ(login(R"({"credsStore": "../x"})").error().code, "E362");
  EXPECT_TRUE(command_.empty());
}

}  // namespace
}  // namespace smflow::docker
