#pragma once

#include "client_fixture.hpp"
#include "support/fake_clock.hpp"
#include "support/fake_environment.hpp"
#include "support/fake_transport.hpp"
#include "support/temporary_folder.hpp"

#include <smflow/aws/credential_chain.hpp>

namespace smflow::aws {

class CredentialsTest : public testing::Test {
 protected:
  // From what is set up so far.
  CredentialChain& chain() {
    if (!chain_) chain_.emplace(credential_providers(seams_), clock_, random_);
    return *chain_;
  }
  Credentials found() {
    const auto credentials = chain().get();
    EXPECT_TRUE(credentials) << credentials.error().message;
    return credentials.value_or(Credentials{});
  }
  Error failure() {
    const auto credentials = chain().get();
    EXPECT_FALSE(credentials);
    return credentials ? Error{} : credentials.error();
  }
  // The source that was used, or empty.
  std::string used() {
    for (const CredentialTrace& line : chain().trace()) {
      if (line.use == CredentialTrace::Use::used) return line.source;
    }
    return {};
  }
  IniValues& profile(const std::string& name) { return seams_.files.config_profiles[name]; }
  void choose(const std::string& name) { seams_.profile = {name, true}; }
  void role(const std::string& name, IniValues values) {
    profile(name) = std::move(values);
    profile(name)["role_arn"] = {"arn:aws:iam::1:role/" + name};
  }

  test::TemporaryFolder folder_;
  test::FakeEnvironment environment_;
  test::FakeTransport transport_;
  test::FakeClock clock_;
  MiddleRandom random_;
  CredentialSeams seams_{
      .environment = environment_.lookup(),
      .files = {},
      .profile = {"default", false},
      .region = "eu-west-1",
      .sso_cache = folder_.path(),
      .transport = transport_,
      .clock = clock_,
      .random = random_,
      .sleep = [this](std::chrono::milliseconds duration, std::stop_token) { return clock_.advance(duration), true; }};
  std::optional<CredentialChain> chain_;
};

// The answer of AssumeRole and the like; it is now 12:00.
inline std::string sts_keys(const std::string& operation, const std::string& id,
                            const std::string& expiration = "2024-01-15T13:00:00Z") {
  return "<" + operation + "Response><" + operation + "Result><Credentials><AccessKeyId>" + id +
         "</AccessKeyId><SecretAccessKey>S</SecretAccessKey><SessionToken>T</SessionToken><Expiration>" + expiration +
         "</Expiration></Credentials></" + operation + "Result></" + operation + "Response>";
}

inline std::string json_keys(const std::string& id, const std::string& expiration = "2024-01-15T13:00:00Z") {
  return R"({"AccessKeyId": ")" + id + R"(", "SecretAccessKey": "S", "Token": "T", "Expiration": ")" + expiration +
         "\"}";
}

}  // namespace smflow::aws
