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

// Gives the transport that trusts the certificates of a file or folder: AWS_CA_BUNDLE, else the profile's ca_bundle,
// where a leading "~" is $HOME, else empty: the system's. Called once.
using TransportSource = std::function<http::Transport&(const std::string& ca_bundle)>;

// Who asks, and where: profile, region and credentials for all clients of a command. Safe to use from several threads
// once it is open; it must outlive its clients.
class Session {
 public:
  // Reads the profile files. Asks nobody, but when nobody names a region the metadata service of the instance for its
  // own, as the AWS CLI does; not with AWS_EC2_METADATA_DISABLED. E402, E403, E411 to E414.
  static Result<std::unique_ptr<Session>> open(SessionOptions options, const TransportSource& transport_source,
                                               const Clock& clock, RandomSource& random);
  static Result<std::unique_ptr<Session>> open(SessionOptions options, http::Transport& transport, const Clock& clock,
                                               RandomSource& random);

  const std::string& profile() const { return seams_.profile.name; }
  const std::string& region() const { return seams_.region; }  // empty: nobody names one
  const std::string& region_from() const { return region_from_; }
  CredentialChain& credentials() { return *chain_; }

  // E410 when there is no region, E411, E412. `url` is an endpoint of the user's and goes before all others. Attempts
  // are AWS_MAX_ATTEMPTS or the profile's max_attempts, else 3, or 5 when AWS_RETRY_MODE or the profile's retry_mode is
  // "legacy". Obeyed are AWS_DISABLE_CLOCK_SKEW_CORRECTION, and AWS_REQUEST_CHECKSUM_CALCULATION and
  // AWS_RESPONSE_CHECKSUM_VALIDATION, or the profile's keys of these two names.
  Result<std::unique_ptr<Client>> client(const Service& service, const std::string& url = {});

 private:
  struct Checks {
    Checksums sent;
    Checksums checked;
  };
  Session(CredentialSeams seams, std::string region_from, Checks checks);

  CredentialSeams seams_;
  const std::string region_from_;
  const Checks checks_;
  std::unique_ptr<CredentialChain> chain_;
};

}  // namespace smflow::aws
