#include "error_answer.hpp"

#include <algorithm>
#include <initializer_list>
#include <string_view>

namespace smflow::aws {

namespace {

using Kind = AwsError::Kind;

bool is_one_of(std::string_view code, std::initializer_list<std::string_view> codes) {
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

// ECR says so of a limit of the account: too many repositories, too many images.
bool is_limit_of_account(std::string_view code, std::string_view service) {
  return code == "LimitExceededException" && service == "ecr";
}

bool is_throttling(std::string_view code, std::string_view service) {
  if (is_limit_of_account(code, service)) return false;
  return is_one_of(code, {"Throttling", "ThrottlingException", "ThrottledException", "RequestThrottledException",
                          "RequestThrottled", "TooManyRequestsException", "ProvisionedThroughputExceededException",
                          "TransactionInProgressException", "RequestLimitExceeded", "BandwidthLimitExceeded",
                          "LimitExceededException", "SlowDown", "EC2ThrottledException"});
}

bool is_transient(std::string_view code) {
  return is_one_of(code, {"RequestTimeout", "RequestTimeoutException", "PriorRequestNotComplete",
                          "IDPCommunicationError", "InternalError", "InternalFailure", "InternalServerException",
                          "ServiceUnavailable", "OperationAborted", "ConditionalRequestConflict"});
}

bool is_of_the_clock(std::string_view code) {
  return is_one_of(code, {"RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture"});
}

bool is_of_the_signature(std::string_view code) {
  return is_one_of(code, {"InvalidSignatureException", "SignatureDoesNotMatch", "AuthFailure"});
}

bool is_expired(std::string_view code) {
  return is_one_of(code, {"ExpiredToken", "ExpiredTokenException"});
}

bool is_rejected(std::string_view code) {
  return is_expired(code) || is_of_the_signature(code) ||
         is_one_of(code, {"UnrecognizedClientException", "InvalidClientTokenId", "InvalidAccessKeyId", "InvalidToken",
                          "IncompleteSignature", "MissingAuthenticationToken", "InvalidIdentityToken",
                          "IDPRejectedClaim", "UnauthorizedException"});
}

bool is_denied(std::string_view code) {
  return is_one_of(code, {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AllAccessDisabled"});
}

bool is_missing(std::string_view code) {
  return is_one_of(code, {"ResourceNotFound", "ResourceNotFoundException", "NoSuchKey", "NoSuchBucket", "NoSuchUpload",
                          "RepositoryNotFoundException", "ImageNotFoundException", "NotFound", "NoSuchEntity",
                          "NoSuchResourceException"});
}

bool is_conflict(std::string_view code) {
  return is_one_of(code, {"ResourceInUse", "ConflictException", "BucketAlreadyExists", "BucketAlreadyOwnedByYou",
                          "RepositoryAlreadyExistsException", "ResourceAlreadyExistsException", "PreconditionFailed"});
}

bool is_quota(std::string_view code) {
  return is_one_of(code, {"ResourceLimitExceeded", "ServiceQuotaExceededException", "TooManyBuckets"});
}

bool is_transient_status(int status) {
  return status == 500 || status == 502 || status == 503 || status == 504;
}

Kind kind_of_status(int status) {
  if (status == 401) return Kind::rejected;
  if (status == 403) return Kind::access_denied;
  if (status == 404) return Kind::not_found;
  if (status == 409 || status == 412) return Kind::conflict;
  if (status == 429) return Kind::throttled;
  if (status >= 300 && status < 400) return Kind::redirect;
  return status >= 400 && status < 500 ? Kind::invalid : Kind::service;
}

}  // namespace

Kind kind_of(const std::string& code, int status, std::string_view service) {
  if (is_throttling(code, service)) return Kind::throttled;
  if (is_transient(code)) return Kind::service;
  if (is_of_the_clock(code)) return Kind::clock_skew;
  if (is_rejected(code)) return Kind::rejected;
  if (is_denied(code)) return Kind::access_denied;
  if (is_missing(code)) return Kind::not_found;
  if (is_conflict(code)) return Kind::conflict;
  if (is_quota(code) || is_limit_of_account(code, service)) return Kind::quota;
  return kind_of_status(status);
}

Remedy remedy_for(const std::string& code, int status, std::string_view service) {
  if (is_throttling(code, service) || status == 429) return Remedy::slow_down;
  if (is_of_the_clock(code)) return Remedy::correct_clock;
  if (is_of_the_signature(code)) return Remedy::correct_clock_if_wrong;
  if (is_expired(code)) return Remedy::refresh_credentials;
  if (is_transient(code)) return Remedy::retry;
  const Kind kind = kind_of(code, status, service);
  return is_transient_status(status) && kind == Kind::service ? Remedy::retry : Remedy::none;
}

}  // namespace smflow::aws
