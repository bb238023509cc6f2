#include "call_in_progress.hpp"

#include <smflow/aws/partition.hpp>

namespace smflow::aws {

namespace {

// Services accept about 15 minutes; a difference below this is not why a signature was refused.
constexpr std::chrono::minutes wrong_clock{4};

bool names_another_region(const ErrorAnswer& answer, int status) {
  return status == 301 || answer.code == "PermanentRedirect" || answer.code == "AuthorizationHeaderMalformed" ||
         answer.code == "IllegalLocationConstraintException" || (status == 400 && answer.code.empty());
}

}  // namespace

bool CallInProgress::again_after(const http::TransportError& error) {
  return retry(http::verdict_of(error, call_.idempotent), {});
}

bool CallInProgress::again_after(const ErrorAnswer& answer, int status, const http::Response& response) {
  if (!call_.bucket.empty() && (go_to_region(answer, status) || go_to_location(response, status))) return true;
  switch (remedy_for(answer.code, status, client_.service_.id)) {
    case Remedy::refresh_credentials:
      return refresh();
    case Remedy::correct_clock:
      return correct_clock(false);
    case Remedy::correct_clock_if_wrong:
      return correct_clock(true);
    case Remedy::retry:
      return retry(http::Verdict::transient, response.headers);
    case Remedy::slow_down:
      return retry(http::Verdict::throttled, response.headers);
    case Remedy::none:
      return false;
  }
  return false;
}

bool CallInProgress::refresh() {
  if (refreshed_ || call_.anonymous || client_.parts_.credentials == nullptr) return false;
  client_.parts_.credentials->reject(credentials_);
  return refreshed_ = true;
}

bool CallInProgress::correct_clock(bool only_if_wrong) {
  if (clock_corrected_ || !client_.parts_.corrects_clock) return false;
  const auto difference = std::chrono::abs(client_.skew_.offset() - used_offset_);
  if (difference == difference.zero() || (only_if_wrong && difference < wrong_clock)) return false;
  return clock_corrected_ = true;
}

// S3 answers HEAD without a body, so that only the header of another HEAD tells where the bucket is.
std::string CallInProgress::asked_region() {
  ApiCall head{
      .operation = "HeadBucket", .method = "HEAD", .path = "/", .bucket = call_.bucket, .cancel = call_.cancel};
  CallInProgress inner(client_, head);
  const auto request = inner.prepare();
  if (!request) return {};
  const Sent sent = inner.send(*request);
  return sent ? read_error_answer(*sent).region : std::string();
}

bool CallInProgress::go_to_region(const ErrorAnswer& answer, int status) {
  if (redirected_ || client_.service_.id != "s3" || !names_another_region(answer, status)) return false;
  redirected_ = true;
  const std::string region = answer.region.empty() ? asked_region() : answer.region;
  if (!check_region(region) || region == used_region_) return false;
  const std::lock_guard lock(client_.mutex_);
  client_.bucket_regions_[call_.bucket] = region;
  return true;
}

// A new bucket whose name is not known everywhere yet. Signed requests go only where AWS or the user's endpoint is.
bool CallInProgress::go_to_location(const http::Response& response, int status) {
  const auto location = http::find_header(response.headers, "location");
  if (redirected_ || status != 307 || !location) return false;
  redirected_ = true;
  const auto here = client_.endpoint(call_.bucket);
  const std::string url(location->substr(0, location->find('?')));
  const auto there = parse_endpoint(url);
  if (!here || !there || here->scheme != there->scheme) return false;
  const std::string suffix = "." + std::string(partition_of(here->region).dns_suffix);
  const bool trusted = there->authority == here->authority || (!here->custom && there->authority.ends_with(suffix));
  if (!trusted) return false;
  authority_ = there->authority;
  return true;
}

bool CallInProgress::retry(http::Verdict verdict, const http::Headers& headers) {
  if (sink_used_) return false;
  return retries_.another({verdict, http::server_delay_in(headers, client_.parts_.clock.now())});
}

}  // namespace smflow::aws
