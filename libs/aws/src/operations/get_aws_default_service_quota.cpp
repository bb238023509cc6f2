#include "operations/quota_answer.hpp"

namespace smflow::aws {

Outcome<Quota> get_aws_default_service_quota(Client& client, const std::string& service, const std::string& code,
                                             std::stop_token cancel) {
  return one_quota(client, "GetAWSDefaultServiceQuota", service, code, cancel);
}

}  // namespace smflow::aws
