#pragma once

#include "error_answer.hpp"

#include <optional>

#include <smflow/aws/client.hpp>

namespace smflow::aws {

// One call from its first attempt to its end.
class CallInProgress {
 public:
  CallInProgress(Client& client, const ApiCall& call)
      : client_(client),
        call_(call),
        tools_{client.parts_.retries, client.quota_, client.parts_.random, client.parts_.sleep},
        retries_(tools_, call.cancel) {}
  CallInProgress(const CallInProgress&) = delete;
  CallInProgress& operator=(const CallInProgress&) = delete;

  Outcome<ApiAnswer> run();

 private:
  using Sent = tl::expected<http::Response, http::TransportError>;

  Outcome<Endpoint> resolve();
  Outcome<http::Request> prepare();
  http::Request unaddressed();
  Outcome<void> take_credentials();
  Outcome<std::string> payload_hash();
  Sent send(const http::Request& request);

  AwsError failure(AwsError::Kind kind, std::string message) const;
  AwsError or_cancelled(AwsError error) const;
  AwsError failed_answer(const ErrorAnswer& answer, int status) const;
  AwsError failed_transport(const http::TransportError& error) const;

  // None: the answer is good.
  std::optional<ErrorAnswer> error_in(const http::Response& response, int& status) const;

  // True when the call is to be sent again.
  bool again_after(const http::TransportError& error);
  bool again_after(const ErrorAnswer& answer, int status, const http::Response& response);
  bool refresh();
  bool correct_clock(bool only_if_wrong);
  bool go_to_region(const ErrorAnswer& answer, int status);
  bool go_to_location(const http::Response& response, int status);
  std::string asked_region();
  bool retry(http::Verdict verdict, const http::Headers& headers);

  Client& client_;
  const ApiCall& call_;
  const http::RetryTools tools_;
  http::Retries retries_;
  std::string authority_;  // of a 307; else empty
  Credentials credentials_;
  std::chrono::milliseconds used_offset_{0};
  std::string used_region_;  // of the last attempt: another call may know a better one by now
  int attempts_ = 0;
  bool sink_used_ = false;
  bool refreshed_ = false;
  bool clock_corrected_ = false;
  bool redirected_ = false;
};

}  // namespace smflow::aws
