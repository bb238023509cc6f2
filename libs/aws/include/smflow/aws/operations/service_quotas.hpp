#pragma once

#include <string>
#include <vector>

#include <smflow/aws/client.hpp>

// Operations of Service Quotas (API version 2019-06-24) that smflow uses.
namespace smflow::aws {

struct Quota {
  std::string name;  // "ml.g5.xlarge for training job usage"
  std::string code;  // "L-..."
  double value = 0;  // finite
};
struct QuotaPage {
  std::vector<Quota> quotas;
  std::string next_token;  // empty: this was the last page
};
// One page of the values in force for the account and region. `service` is like "sagemaker".
Outcome<QuotaPage> list_service_quotas(Client& client, const std::string& service, const std::string& next_token = {},
                                       std::stop_token cancel = {});
// One page of the values that AWS gives to every account.
Outcome<QuotaPage> list_aws_default_service_quotas(Client& client, const std::string& service,
                                                   const std::string& next_token = {}, std::stop_token cancel = {});


// By its code. A quota that only has the value which AWS gives to every account is Kind::not_found.
Outcome<Quota> get_service_quota(Client& client, const std::string& service, const std::string& code,
                                 std::stop_token cancel = {});
// The value that AWS gives to every account.
Outcome<Quota> get_aws_default_service_quota(Client& client, const std::string& service, const std::string& code,
                                             std::stop_token cancel = {});

}  // namespace smflow::aws
