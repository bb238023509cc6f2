#pragma once

#include <chrono>
#include <filesystem>
#include <memory>

#include <smflow/aws/session.hpp>
#include <smflow/preflight/services.hpp>

namespace smflow::preflight {

struct ServicesOptions {
  // What has not been answered by then is given up, as AwsError::Kind::cancelled, so that a network without a way to
  // one service does not hold up the rest.
  std::chrono::milliseconds budget = std::chrono::seconds{15};
  // Where this machine keeps the codes of quotas, so that the next check need not read the lists; empty: nowhere.
  std::filesystem::path quota_codes = {};
};
// AWS itself. Session and transport must outlive it.
std::unique_ptr<Services> make_aws_services(aws::Session& session, http::Transport& transport,
                                            const ServicesOptions& options = {});

}  // namespace smflow::preflight
