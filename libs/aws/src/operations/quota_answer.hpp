#pragma once

#include <smflow/aws/operations/service_quotas.hpp>

namespace smflow::aws {

// One page of an operation that lists quotas.
Outcome<QuotaPage> quota_page(Client& client, const std::string& operation, const std::string& service,
                              const std::string& next_token, std::stop_token cancel);


// The answer of an operation that gets one.
Outcome<Quota> one_quota(Client& client, const std::string& operation, const std::string& service,
                         const std::string& code, std::stop_token cancel);

}  // namespace smflow::aws
