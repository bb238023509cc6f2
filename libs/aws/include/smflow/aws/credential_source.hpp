#pragma once

#include <smflow/aws/credentials.hpp>
#include <smflow/base/error.hpp>

namespace smflow::aws {

// Where a client takes its keys from, for each attempt anew. Safe to use from several threads.
class CredentialSource {
 public:
  virtual ~CredentialSource() = default;
  virtual Result<Credentials> get() = 0;
  // The service says that these have expired: the next get() fetches others, unless that has happened already.
  virtual void reject(const Credentials& expired) = 0;
};

// Always the same.
class FixedCredentials : public CredentialSource {
 public:
  explicit FixedCredentials(Credentials credentials) : credentials_(std::move(credentials)) {}
  Result<Credentials> get() override { return credentials_; }
  void reject(const Credentials&) override {}

 private:
  const Credentials credentials_;
};

}  // namespace smflow::aws
