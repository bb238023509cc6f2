#pragma once

#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <variant>
#include <vector>

#include <smflow/aws/client.hpp>
#include <smflow/aws/credential_source.hpp>
#include <smflow/aws/process_runner.hpp>
#include <smflow/aws/profile.hpp>

namespace smflow::aws {

// What the sources of credentials look at. All that is referred to must outlive them and be safe to use from several
// threads.
struct CredentialSeams {
  EnvironmentLookup environment;
  ProfileFiles files;
  ProfileChoice profile;
  std::string region;                     // of the security token service; empty: the profile's, else us-east-1
  std::filesystem::path sso_cache;        // ~/.aws/sso/cache
  std::filesystem::path role_cache = {};  // ~/.aws/cli/cache; empty: none
  http::Transport& transport;
  const Clock& clock;
  RandomSource& random;
  http::Sleep sleep = http::sleep_unless_stopped;
  int attempts = http::RetryPolicy{}.attempts;  // of a call
  ProcessRunner run = run_process;
  // Asks a person for the six digits of the device with this serial number. None: nobody is there.
  std::function<Result<std::string>(const std::string& serial)> ask_mfa = {};
};

// Why a source has no credentials here; the next one is asked.
struct NotHere {
  std::string why;
};
// An error ends the search: the source is meant to be used and is broken.
using Lookup = Result<std::variant<Credentials, NotHere>>;

struct CredentialProvider {
  std::string name;  // "environment"
  std::function<Lookup()> look;
  bool lasts_through_outages = false;  // what has expired is used on: the instance's metadata service
};

// In the order of the AWS SDK for Python: environment (not with a profile by option), assume-role, web identity, single
// sign-on, credentials file, credential_process, config file, container, instance metadata. `seams` must outlive them.
std::vector<CredentialProvider> credential_providers(const CredentialSeams& seams);

struct CredentialTrace {
  enum class Use { used, skipped, failed };
  std::string source;
  Use use;
  std::string why;  // of a source that was used: the key id's last four characters
};

// The first provider that has credentials, and from then on only that one. Fetches again when less than 15 minutes are
// left, by one thread while the others use the old ones; when less than 10 minutes are left all wait for it. A fetch
// that fails is an error only when the old ones have expired; it is repeated at most every 30 s. E400 with all that was
// tried. Safe to use from several threads.
class CredentialChain : public CredentialSource {
 public:
  CredentialChain(std::vector<CredentialProvider> providers, const Clock& clock, RandomSource& random);

  Result<Credentials> get() override;
  void reject(const Credentials& expired) override;
  // What the first search found, source by source; empty before the first get().
  std::vector<CredentialTrace> trace() const;

 private:
  enum class Need { none, advised, mandatory };

  Need need(WallTime now) const;
  Result<Credentials> search();
  Result<Credentials> fetch();
  Result<Credentials> refreshed(bool advised_only);
  Credentials extended(Credentials credentials);
  Result<Credentials> checked(Credentials credentials, const CredentialProvider& provider);

  const std::vector<CredentialProvider> providers_;
  const Clock& clock_;
  RandomSource& random_;
  std::mutex refresh_;        // held by the one thread that fetches
  mutable std::mutex state_;  // never held while fetching
  std::optional<Credentials> current_;
  const CredentialProvider* chosen_ = nullptr;
  WallTime next_try_{};
  std::vector<CredentialTrace> trace_;
};

}  // namespace smflow::aws
