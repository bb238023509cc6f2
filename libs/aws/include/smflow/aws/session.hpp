#pragma once

#include <memory>
#include <string>

#include <smflow/aws/credential_chain.hpp>

namespace smflow::aws {

struct SessionOptions {
  std::string profile = {};  // of the command line; empty: AWS_PROFILE, else "default"
  std::string region = {};   // of the command line or the config; empty: AWS_REGION and so on
  EnvironmentLookup environment = environment_variable;
  ProcessRunner run = run_process;
  http::Sleep sleep = http::sleep_unless_stopped;
  std::function<Result<std::string>(const std::string& serial)> ask_mfa = {};
};

// The file or folder of certificates to trust: AWS_CA_BUNDLE, else the profile's ca_bundle, else empty: the system's. A
// leading "~" is $HOME. E402, E403.
Result<std::string> find_ca_bundle(const SessionOptions& options);

// Who asks, and where: profile, region and credentials for all clients of a command. Safe to use from several threads
// once it is open; it must outlive its clients.
class Session {
 public:
  // Reads the profile files; asks nobody yet. E402, E403, E411, E413.
  static Result<std::unique_ptr<Session>> open(SessionOptions options, http::Transport& transport, const Clock& clock,
                                               RandomSource& random);

  const std::string& profile() const { return seams_.profile.name; }
  const std::string& region() const { return seams_.region; }  // empty: nobody names one
  CredentialChain& credentials() { return *chain_; }

  // E410 when there is no region, E411, E412. `url` is an endpoint of the user's and goes before all others. Attempts
  // are AWS_MAX_ATTEMPTS or the profile's max_attempts, else 3, or 5 when AWS_RETRY_MODE or the profile's retry_mode is
  // "legacy"; AWS_DISABLE_CLOCK_SKEW_CORRECTION is obeyed.
  Result<std::unique_ptr<Client>> client(const Service& service, const std::string& url = {});

 private:
  Session(CredentialSeams seams, int attempts);

  CredentialSeams seams_;
  const int attempts_;
  std::unique_ptr<CredentialChain> chain_;
};

}  // namespace smflow::aws
