#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include <smflow/aws/clock_skew.hpp>
#include <smflow/aws/credential_source.hpp>
#include <smflow/aws/endpoint.hpp>
#include <smflow/aws/error.hpp>
#include <smflow/aws/sigv4.hpp>
#include <smflow/base/clock.hpp>
#include <smflow/base/random.hpp>
#include <smflow/http/retry.hpp>
#include <smflow/http/transport.hpp>

namespace smflow::aws {

// One operation, before it is known where it goes and who asks. Everything is decoded.
struct ApiCall {
  std::string operation;  // "DescribeTrainingJob": for messages
  std::string method = "POST";
  std::string path = "/";
  Query query = {};
  http::Headers headers = {};
  std::shared_ptr<const http::BodySource> body = {};
  std::string payload_hash = {};  // as for SignableRequest; empty: the body is read and hashed
  http::BodySink sink = {};       // as for http::Request; a call is not repeated once it has taken a byte
  http::TimeLimits limits = {};
  bool idempotent = true;   // false: not sent again when an earlier attempt may have been carried out
  bool anonymous = false;   // sent without a signature and without a token
  bool xml_answer = false;  // a 2xx with a body must be XML, and none with the root <Error>: S3 does that
  std::string bucket = {};  // S3
  std::stop_token cancel = {};
};

struct ApiAnswer {
  http::Response response;  // 2xx
  int attempts = 1;         // after more than one, an earlier one may have been carried out already
};

// When S3 is sent checksums, or asked for them; of other services no operation here has any.
enum class Checksums { when_supported, when_required };

// What clients share. All must outlive them and be safe to use from several threads.
struct ClientParts {
  http::Transport& transport;
  CredentialSource* credentials;  // none: for anonymous calls only
  const Clock& clock;
  RandomSource& random;
  http::Sleep sleep = http::sleep_unless_stopped;
  http::RetryPolicy retries = {};
  bool corrects_clock = true;
  Checksums sent_checksums = Checksums::when_supported;
  Checksums checked_checksums = Checksums::when_supported;
};

// Carries out operations of one service in one region: resolves the endpoint, signs, sends, and when that fails
// repeats what is worth repeating: transient failures and throttling within the quota of http::RetryQuota; once each
// after the clock's offset was learnt, after credentials that had expired were fetched again, and after S3 said where a
// bucket is. Every attempt is signed anew. Safe to use from several threads.
class Client {
 public:
  Client(const Service& service, std::string region, EndpointOptions options, ClientParts parts);

  Outcome<ApiAnswer> call(const ApiCall& call);

  // Is called before every attempt of a call but its first, which its caller paces; none: nothing is. Not to be set
  // while calls are under way.
  void pace_repeats(std::function<void()> pace) { pace_ = std::move(pace); }

  // For more attempts around calls, by a policy of the caller's: the pauses, randomness and quota of the calls. Not
  // longer than the client.
  http::RetryTools retry_tools(const http::RetryPolicy& policy) {
    return {.policy = policy, .quota = quota_, .random = parts_.random, .sleep = parts_.sleep};
  }

  // To add to the local time for that of the service, as its answers tell.
  std::chrono::milliseconds clock_offset() const { return skew_.offset(); }
  const Service& service() const { return service_; }
  const std::string& region() const { return region_; }
  bool sends_checksums() const { return parts_.sent_checksums == Checksums::when_supported; }
  bool asks_for_checksums() const { return parts_.checked_checksums == Checksums::when_supported; }
  // Where a call would go; E411, E412.
  Result<Endpoint> endpoint(const std::string& bucket = {}) const;
  // The URL of a call that carries its signature, for `lifetime`.
  Result<std::string> presign(const ApiCall& call, std::chrono::seconds lifetime);

 private:
  friend class CallInProgress;

  std::string region_of(const std::string& bucket) const;

  const Service service_;
  const std::string region_;
  const EndpointOptions options_;
  const ClientParts parts_;
  SigningKeys keys_;
  ClockSkew skew_;
  http::RetryQuota quota_;
  std::function<void()> pace_;
  mutable std::mutex mutex_;
  std::map<std::string, std::string> bucket_regions_;  // those that are not in region_
};

}  // namespace smflow::aws
