#include "call_in_progress.hpp"

namespace smflow::aws {

Client::Client(const Service& service, std::string region, EndpointOptions options, ClientParts parts)
    : service_(service), region_(std::move(region)), options_(std::move(options)), parts_(std::move(parts)) {}

Outcome<ApiAnswer> Client::call(const ApiCall& call) {
  return CallInProgress(*this, call).run();
}

std::string Client::region_of(const std::string& bucket) const {
  const std::lock_guard lock(mutex_);
  const auto found = bucket_regions_.find(bucket);
  return found == bucket_regions_.end() ? region_ : found->second;
}

Result<Endpoint> Client::endpoint(const std::string& bucket) const {
  auto endpoint = resolve_endpoint(service_, region_of(bucket), options_);
  if (!endpoint || bucket.empty()) return endpoint;
  return with_bucket(*std::move(endpoint), bucket, options_.addressing);
}

Result<std::string> Client::presign(const ApiCall& call, std::chrono::seconds lifetime) {
  const auto place = endpoint(call.bucket);
  if (!place) return tl::unexpected(place.error());
  if (parts_.credentials == nullptr) {
    return tl::unexpected(Error{.code = "E400",
                                .exit = ExitCode::permission,
                                .message = "there are no AWS credentials",
                                .fix = "sign in: aws configure, or aws sso login"});
  }
  const auto credentials = parts_.credentials->get();
  if (!credentials) return tl::unexpected(credentials.error());
  const SignableRequest request{.method = call.method,
                                .scheme = place->scheme,
                                .authority = place->authority,
                                .path = place->base_path + call.path,
                                .query = call.query,
                                .headers = call.headers};
  const SigningScope scope{place->region, std::string(service_.signing_name)};
  const WallTime now = parts_.clock.now() + (parts_.corrects_clock ? skew_.offset() : std::chrono::milliseconds{0});
  return aws::presign(request, *credentials, scope, now, lifetime, keys_);
}

}  // namespace smflow::aws
