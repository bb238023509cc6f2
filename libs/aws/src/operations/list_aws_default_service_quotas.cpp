#include "operations/quota_answer.hpp"

namespace smflow::aws {

Outcome<QuotaPage> list_aws_default_service_quotas(Client& client, const std::string& service,
                                                   const std::string& next_token, std::stop_token cancel) {
  return quota_page(client, "ListAWSDefaultServiceQuotas", service, next_token, cancel);
}

}  // namespace smflow::aws
