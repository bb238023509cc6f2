#include "credentials_fixture.hpp"

namespace smflow::aws {
namespace {

using testing::HasSubstr;

const IniValues keys{{"aws_access_key_id", {"FILE"}}, {"aws_secret_access_key", {"S"}}, {"aws_session_token", {"T"}}};

TEST_F(CredentialsTest, OfTheEnvironmentComeFirst) {
  environment_["AWS_ACCESS_KEY_ID"] = "ENV";
  environment_["AWS_SECRET_ACCESS_KEY"] = "S";
  environment_["AWS_SESSION_TOKEN"] = "T";
  environment_["AWS_CREDENTIAL_EXPIRATION"] = "2024-01-15T13:00:00Z";
  seams_.files.credential_profiles["default"] = keys;
  EXPECT_EQ(found().access_key_id, "ENV");
  EXPECT_EQ(found().session_token, "T");
  EXPECT_TRUE(found().expires);
  EXPECT_EQ(used(), "environment");
}

TEST_F(CredentialsTest, OfTheEnvironmentStepBackForAProfileByOption) {
  environment_["AWS_ACCESS_KEY_ID"] = "ENV";
  environment_["AWS_SECRET_ACCESS_KEY"] = "S";
  seams_.files.credential_profiles["p"] = keys;
  choose("p");
  EXPECT_EQ(found().access_key_id, "FILE");
}

TEST_F(CredentialsTest, HalfAKeyIsAnErrorAndNotTheNextSource) {
  environment_["AWS_ACCESS_KEY_ID"] = "ENV";
  seams_.files.credential_profiles["default"] = keys;
  EXPECT_EQ(failure().code, "E401");
  chain_.reset();
  environment_["AWS_ACCESS_KEY_ID"] = "";
  seams_.files.credential_profiles["default"].erase("aws_secret_access_key");
  EXPECT_EQ(failure().code, "E401");
}

TEST_F(CredentialsTest, OfTheCredentialsFileComeBeforeTheProcessAndTheConfigFile) {
  int runs = 0;
  seams_.run = [&](const auto&, auto) -> Result<ProcessOutput> {
    ++runs;
    return ProcessOutput{
        .exit_code = 0, .out = R"({"Version": 1, "AccessKeyId": "PROC", "SecretAccessKey": "S"})", .error = ""};
  };
  profile("default") = keys;
  profile("default")["credential_process"] = {"get-keys"};
  EXPECT_EQ(found().access_key_id, "PROC");
  EXPECT_EQ(runs, 1);
  chain_.reset();
  seams_.files.credential_profiles["default"] = keys;
  EXPECT_EQ(found().access_key_id, "FILE");
  EXPECT_EQ(used(), "credentials file");
  chain_.reset();
  seams_.files.credential_profiles.clear();
  profile("default").erase("credential_process");
  found();
  EXPECT_EQ(used(), "config file");
}

TEST_F(CredentialsTest, SayWhatWasTriedWhenThereAreNone) {
  environment_["AWS_EC2_METADATA_DISABLED"] = "true";
  const Error error = failure();
  EXPECT_EQ(error.code, "E400");
  EXPECT_EQ(error.exit, ExitCode::permission);
  for (const char* source : {"environment: AWS_ACCESS_KEY_ID is not set", "assume-role:", "single sign-on:",
                             "container:", "instance metadata: AWS_EC2_METADATA_DISABLED is true"}) {
    EXPECT_THAT(error.message, HasSubstr(source));
  }
  EXPECT_EQ(chain().trace().size(), 9u);
}

TEST_F(CredentialsTest, TraceNamesEverySourceAlsoThoseThatWereNotAsked) {
  environment_["AWS_ACCESS_KEY_ID"] = "AKIAIOSFODNN7EXAMPLE";
  environment_["AWS_SECRET_ACCESS_KEY"] = "very-secret";
  found();
  const auto trace = chain().trace();
  ASSERT_EQ(trace.size(), 9u);
  for (std::size_t i = 1; i < trace.size(); ++i) {
    EXPECT_EQ(trace[i].use, CredentialTrace::Use::skipped);
    EXPECT_EQ(trace[i].why, "environment comes first");
  }
}

TEST_F(CredentialsTest, TraceShowsNoSecret) {
  environment_["AWS_ACCESS_KEY_ID"] = "AKIAIOSFODNN7EXAMPLE";
  environment_["AWS_SECRET_ACCESS_KEY"] = "very-secret";
  found();
  EXPECT_EQ(chain().trace().at(0).why, "key ...MPLE");
}

}  // namespace
}  // namespace smflow::aws
