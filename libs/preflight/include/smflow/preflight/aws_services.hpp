#pragma once

#include <chrono>
#include <memory>

#include <smflow/aws/session.hpp>
#include <smflow/preflight/services.hpp>

namespace smflow::preflight {

// AWS itself. What has not been answered `budget` after this call is given up, as AwsError::Kind::cancelled, so that a
// network without a way to one service does not hold up the rest. Session and transport must outlive it.
std::unique_ptr<Services> make_aws_services(aws::Session& session, http::Transport& transport,
                                            std::chrono::milliseconds budget = std::chrono::seconds{15});

}  // namespace smflow::preflight
