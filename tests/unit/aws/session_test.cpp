#include "client_fixture.hpp"
#include "support/fake_environment.hpp"
#include "support/temporary_folder.hpp"

#include <smflow/aws/protocol.hpp>
#include <smflow/aws/session.hpp>

namespace smflow::aws {
namespace {

using testing::HasSubstr;

class SessionTest : public ClientTest {
 protected:
  void SetUp() override {
    environment_["HOME"] = folder_.path().string();
    folder_.write(".aws/config", "[profile dev]\nregion = eu-west-3\nmax_attempts = 2\n");
    folder_.write(".aws/credentials", "[dev]\naws_access_key_id = FILE\naws_secret_access_key = S\n");
  }
  std::unique_ptr<Session> open(const std::string& profile, const std::string& region = "") {
    auto session = Session::open({.profile = profile,
                                  .region = region,
                                  .environment = environment_.lookup(),
                                  .sleep = [](std::chrono::milliseconds, std::stop_token) { return true; }},
                                 transport_, clock_, random_);
    EXPECT_TRUE(session) << session.error().message;
    return session ? *std::move(session) : nullptr;
  }

  test::TemporaryFolder folder_;
  test::FakeEnvironment environment_;
};

TEST_F(SessionTest, GivesClientsThatAskForTheProfileInItsRegion) {
  const auto session = open("dev");
  transport_.answer(200, "{}");
  ASSERT_TRUE(call_json(**session->client(sagemaker), "ListTrainingJobs", Json::object()));
  EXPECT_EQ(transport_.exchanges()[0].request.url, "https://api.sagemaker.eu-west-3.amazonaws.com/");
  EXPECT_THAT(transport_.exchanges()[0].header("Authorization"), HasSubstr("Credential=FILE/"));
}

TEST_F(SessionTest, TakesTheNumberOfAttemptsFromEnvironmentThenProfile) {
  transport_.otherwise = [](const auto&) { return http::Response{503, {}, ""}; };
  const auto attempts = [&] { return (*open("dev")->client(sts))->call({.operation = "X"}).error().attempts; };
  EXPECT_EQ(attempts(), 2);
  environment_["AWS_MAX_ATTEMPTS"] = "1";
  EXPECT_EQ(attempts(), 1);
  environment_["AWS_MAX_ATTEMPTS"] = "-4";
  EXPECT_EQ(attempts(), 3);
}

TEST_F(SessionTest, KnowsTheRetryModesOfTheSdks) {
  transport_.otherwise = [](const auto&) { return http::Response{503, {}, ""}; };
  folder_.write(".aws/config", "[profile dev]\nregion = eu-west-3\nretry_mode = legacy\n");
  const auto attempts = [&] { return (*open("dev")->client(sts))->call({.operation = "X"}).error().attempts; };
  EXPECT_EQ(attempts(), 5);
  environment_["AWS_RETRY_MODE"] = "adaptive";
  EXPECT_EQ(attempts(), 3);
  environment_["AWS_MAX_ATTEMPTS"] = "2";
  EXPECT_EQ(attempts(), 2);
  environment_["AWS_RETRY_MODE"] = "often";
  const auto session =
      Session::open({.profile = "dev", .environment = environment_.lookup()}, transport_, clock_, random_);
  ASSERT_FALSE(session);
  EXPECT_EQ(session.error().code, "E413");
}

TEST_F(SessionTest, TakesTheCertificatesFromEnvironmentThenProfile) {
  folder_.write(".aws/config", "[profile dev]\nca_bundle = ~/company.pem\n[profile plain]\nregion = eu-west-3\n");
  const auto bundle = [&](const std::string& profile) -> Result<std::string> {
    std::string used = "none was asked for";
    const auto transport = [&](const std::string& ca_bundle) -> http::Transport& {
      used = ca_bundle;
      return transport_;
    };
    const auto session =
        Session::open({.profile = profile, .environment = environment_.lookup()}, transport, clock_, random_);
    return session ? Result<std::string>(used) : tl::unexpected(session.error());
  };
  EXPECT_EQ(bundle("dev").value(), folder_ / "company.pem");
  EXPECT_EQ(bundle("plain").value(), "");
  EXPECT_EQ(bundle("dve").error().code, "E402");
  environment_["AWS_CA_BUNDLE"] = "/etc/other.pem";
  EXPECT_EQ(bundle("dev").value(), "/etc/other.pem");
}

TEST_F(SessionTest, LeavesTheClockAloneWhenTold) {
  environment_["AWS_DISABLE_CLOCK_SKEW_CORRECTION"] = "true";
  transport_.answer(403, "<Error><Code>RequestTimeTooSkewed</Code></Error>",
                    {{"Date", "Mon, 15 Jan 2024 12:20:00 GMT"}});
  EXPECT_EQ((*open("dev")->client(s3))->call({.operation = "X"}).error().attempts, 1);
}

TEST_F(SessionTest, TakesTheRegionOfTheInstanceWhenNobodyNamesOne) {
  transport_.answer(200, "TOKEN");
  transport_.answer(200, "ap-southeast-2\n");
  const auto session = open("");
  EXPECT_EQ(session->region(), "ap-southeast-2");
  EXPECT_EQ(session->region_from(), "the metadata of this instance");
  EXPECT_EQ(transport_.exchanges()[1].request.url, "http://169.254.169.254/latest/meta-data/placement/region");
  EXPECT_EQ(transport_.exchanges()[1].header("x-aws-ec2-metadata-token"), "TOKEN");
  EXPECT_EQ(transport_.exchanges()[1].request.limits.total, std::chrono::milliseconds{1000});
  open("dev");
  EXPECT_EQ(transport_.exchanges().size(), 2u);
}

TEST_F(SessionTest, TakesNoRegionFromAnInstanceThatNamesNone) {
  transport_.answer(404);
  EXPECT_EQ(open("")->region(), "");
  transport_.answer(200, "TOKEN");
  transport_.answer(404);
  EXPECT_EQ(open("")->region(), "");
  transport_.answer(200, "TOKEN");
  transport_.answer(200, "<html>");
  EXPECT_EQ(open("")->region(), "");
  environment_["AWS_EC2_METADATA_DISABLED"] = "true";
  EXPECT_EQ(open("")->region(), "");
  EXPECT_EQ(transport_.exchanges().size(), 5u);
}

TEST_F(SessionTest, SendsAndAsksForChecksumsAsEnvironmentThenProfileSay) {
  struct Row {
    const char* variable;
    const char* key;
    bool (Client::*wanted)() const;
  };
  const Row rows[] = {
      {"AWS_REQUEST_CHECKSUM_CALCULATION", "request_checksum_calculation", &Client::sends_checksums},
      {"AWS_RESPONSE_CHECKSUM_VALIDATION", "response_checksum_validation", &Client::asks_for_checksums}};
  for (const Row& row : rows) {
    const auto wanted = [&] { return ((**open("dev")->client(s3)).*row.wanted)(); };
    EXPECT_TRUE(wanted()) << row.key;
    folder_.write(".aws/config", "[profile dev]\nregion = eu-west-3\n" + std::string(row.key) + " = when_required\n");
    EXPECT_FALSE(wanted()) << row.key;
    environment_[row.variable] = "WHEN_SUPPORTED";
    EXPECT_TRUE(wanted()) << row.key;
    environment_[row.variable] = "never";
    const auto session =
        Session::open({.profile = "dev", .environment = environment_.lookup()}, transport_, clock_, random_);
    ASSERT_FALSE(session);
    EXPECT_EQ(session.error().code, "E414");
    EXPECT_THAT(session.error().fix, HasSubstr(row.variable));
    environment_[row.variable] = "";
    folder_.write(".aws/config", "[profile dev]\nregion = eu-west-3\n");
  }
}

TEST_F(SessionTest, GivesTheCallsForCredentialsTheSameAttempts) {
  folder_.write(".aws/config",
                "[profile dev]\nregion = eu-west-3\n[profile role]\nregion = eu-west-3\nmax_attempts = 4\n"
                "role_arn = arn:aws:iam::1:role/x\nsource_profile = dev\n");
  transport_.otherwise = [](const auto&) { return http::Response{503, {}, ""}; };
  EXPECT_FALSE(open("role")->credentials().get());
  EXPECT_EQ(transport_.exchanges().size(), 4u);
}

TEST_F(SessionTest, NeedsARegionForAClient) {
  environment_["AWS_EC2_METADATA_DISABLED"] = "true";
  const auto client = open("")->client(sts);
  ASSERT_FALSE(client);
  EXPECT_EQ(client.error().code, "E410");
  EXPECT_TRUE(open("", "us-east-1")->client(sts));
}

TEST_F(SessionTest, SaysWhatIsWrongWithItsSettingsBeforeAnythingIsSent) {
  EXPECT_EQ(
      Session::open({.profile = "dve", .environment = environment_.lookup()}, transport_, clock_, random_).error().code,
      "E402");
  EXPECT_EQ(Session::open({.profile = "dev", .region = "x/y", .environment = environment_.lookup()}, transport_, clock_,
                          random_)
                .error()
                .code,
            "E411");
  EXPECT_EQ(open("dev")->client(sts, "nonsense").error().code, "E412");
  folder_.write(".aws/config", "nonsense");
  EXPECT_EQ(Session::open({.environment = environment_.lookup()}, transport_, clock_, random_).error().code, "E403");
  EXPECT_TRUE(transport_.exchanges().empty());
}

}  // namespace
}  // namespace smflow::aws
