#pragma once

#include <atomic>
#include <map>
#include <set>
#include <string>

#include <smflow/preflight/services.hpp>

namespace smflow::preflight {

// What is in force of some quotas of SageMaker.
struct FoundQuotas {
  std::map<std::string, aws::Quota> quotas;  // by name; those that Service Quotas does not name are missing
  std::set<std::string> types;               // the instance types that the lists name, as far as they were read
};

// By their codes where these are known, else in the lists of the account's and of AWS's own values, both at the same
// time: a quota that nobody has changed may be in the second only.
aws::Outcome<FoundQuotas> find_quotas(Services& services, const std::set<std::string>& names);

}  // namespace smflow::preflight
