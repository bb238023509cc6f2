#pragma once

#include <optional>
#include <string>

#include <smflow/base/error.hpp>

namespace smflow::aws {

// Why an operation failed, for callers that decide by it.
struct AwsError {
  enum class Kind {
    credentials,  // there are none, or they cannot be had; `cause` says why
    access_denied,
    rejected,    // key, token or signature not accepted
    clock_skew,  // this machine's clock is wrong
    throttled,
    quota,  // a limit of the account
    not_found,
    conflict,  // it exists, or is in another state
    invalid,   // the service refuses what was asked
    service,   // it failed
    network,   // no answer came; `cause` may say why
    answer,    // one came that cannot be understood
    redirect,  // to where credentials must not go
    cancelled,
    local,  // our side: a body or a sink failed; `cause` says why
  };
  Kind kind = Kind::service;
  std::string service = {};        // "sagemaker"
  std::string operation = {};      // "DescribeTrainingJob"
  std::string code = {};           // as AWS names it, "ResourceInUse"; empty: the answer had none
  std::string message = {};        // AWS's words, or our own
  std::string request_id = {};     // for AWS's support
  int status = 0;                  // HTTP; 0: there was no answer
  int attempts = 0;                // how often the request was sent
  std::string bucket_region = {};  // S3: where the bucket is, when the answer says so
  std::optional<Error> cause = {};
};

template <class T>
using Outcome = tl::expected<T, AwsError>;

// As the error of a command: E420 to E434, with code, message and request id. A cause of our side stands as it is.
Error as_error(const AwsError& error);

}  // namespace smflow::aws
