#include "operations/quota_answer.hpp"

namespace smflow::aws {

Outcome<Quota> get_service_quota(Client& client, const std::string& service, const std::string& code,
                                 std::stop_token cancel) {
  return one_quota(client, "GetServiceQuota", service, code, cancel);
}

}  // namespace smflow::aws
