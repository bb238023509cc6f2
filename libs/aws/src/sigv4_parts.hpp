#pragma once

#include <smflow/aws/sigv4.hpp>

// What signing by header and by URL share.
namespace smflow::aws {

bool is_s3(std::string_view service);
std::string payload_hash_of(const SignableRequest& request);
std::string url_of(const SignableRequest& request, const EncodedTarget& target);

}  // namespace smflow::aws
