#include "checks.hpp"
#include "findings.hpp"
#include "machine_use.hpp"
#include "quota_search.hpp"

#include <future>

#include <fmt/format.h>

#include <smflow/base/text.hpp>

namespace smflow::preflight {

namespace {

constexpr const char* check = "quota";
constexpr std::chrono::seconds usual_run_time{432'000};  // AWS's own limit for an account that never asked for more

// A quota that the job needs, and how much of it.
struct Need {
  std::string name;
  double amount;
  const char* option;
  const char* unit;
  bool of_machines = false;  // that other jobs may have at the moment
};

std::vector<Need> needs_of(const plan::JobPlan& plan) {
  const double count = plan.instance_count;
  const std::string& type = plan.instance_type;
  std::vector<Need> needs{{type + (plan.spot ? " for spot training job usage" : " for training job usage"), count,
                           "SAGEMAKER.INSTANCE_TYPE", "machines", true}};
  if (plan.platform.keep_alive.count() > 0) {
    needs.push_back({type + " for training warm pool usage", count, "SAGEMAKER.KEEP_ALIVE_PERIOD", "machines"});
  }
  if (plan.max_run_time > usual_run_time) {
    needs.push_back({"Longest run time for a training job", static_cast<double>(plan.max_run_time.count()),
                     "SAGEMAKER.MAX_RUN_TIME", "seconds"});
  }
  return needs;
}

class QuotaCheck {
 public:
  explicit QuotaCheck(const Subject& subject) : subject_(subject), needs_(needs_of(subject.plan)) {}

  Findings run() {
    auto counting = std::async(std::launch::async,
                               [this] { return machines_in_use(subject_.services, subject_.plan.instance_type); });
    std::set<std::string> names;
    for (const Need& need : needs_) names.insert(need.name);
    auto found = find_quotas(subject_.services, names);
    const auto use = counting.get();
    if (!found) {
      const std::string permission = "servicequotas:" + found.error().operation;
      return {not_checked(check, found.error(), permission.c_str())};
    }
    found_ = *std::move(found);
    if (use) use_ = *use;
    Findings findings;
    for (const Need& need : needs_) findings.push_back(judge(need));
    if (!use) findings.push_back(not_counted(use.error()));
    return findings;
  }

 private:
  static Finding not_counted(const aws::AwsError& error) {
    Finding finding = not_checked("use of the quota", error, "sagemaker:Search");
    finding.check = check;
    return finding;
  }

  double used(const Need& need) const {
    if (!need.of_machines) return 0;
    return subject_.plan.spot ? use_.spot : use_.on_demand;
  }

  Finding judge(const Need& need) const {
    const auto found = found_.quotas.find(need.name);
    if (found == found_.quotas.end()) return unnamed(need);
    const aws::Quota& quota = found->second;
    if (quota.value < need.amount) return too_low(need, quota);
    if (quota.value < need.amount + used(need)) return in_use(need, quota);
    const std::string taken = used(need) > 0 ? fmt::format(", {:g} in use", used(need)) : "";
    return passed(check, fmt::format("{}: {:g} {}{}", need.name, quota.value, need.unit, taken));
  }

  Finding unnamed(const Need& need) const {
    const std::string& type = subject_.plan.instance_type;
    if (!found_.types.empty() && !found_.types.contains(type)) return unknown_type(type);
    return warned(check, "E201", fmt::format("quota not checked: Service Quotas names none '{}'", need.name),
                  "look yourself", need.option);
  }

  Finding unknown_type(const std::string& type) const {
    const std::vector<std::string> known(found_.types.begin(), found_.types.end());
    const std::string near = nearest(type, known);
    const char* option = "SAGEMAKER.INSTANCE_TYPE";
    if (near.empty()) {
      // It may be newer than the list of quotas.
      return warned(check, "E219",
                    fmt::format("Service Quotas knows no instance type '{}' for training in {}", type,
                                subject_.services.region()),
                    "check the name: SageMaker may refuse it", option);
    }
    return failed(
        check,
        {.code = "E219",
         .exit = ExitCode::configuration,
         .message = fmt::format("SageMaker has no instance type '{}' in {}", type, subject_.services.region()),
         .fix = "did you mean '" + near + "'?"},
        option);
  }

  std::string request_of(const aws::Quota& quota, double value) const {
    return fmt::format(
        "aws service-quotas request-service-quota-increase --service-code sagemaker --quota-code {} --desired-value "
        "{:g} --region {}",
        quota.code, value, subject_.services.region());
  }

  Finding too_low(const Need& need, const aws::Quota& quota) const {
    return failed(check,
                  {.code = "E226",
                   .exit = ExitCode::service,
                   .message = fmt::format("quota '{}' is {:g} {} in {}, and the job needs {:g}", need.name, quota.value,
                                          need.unit, subject_.services.region(), need.amount),
                   .fix = fmt::format("{}; or change {}", request_of(quota, need.amount), need.option)},
                  need.option);
  }

  // The others may have ended by the time that the job is sent.
  Finding in_use(const Need& need, const aws::Quota& quota) const {
    return warned(check, "E235",
                  fmt::format("quota '{}' is {:g} {} in {}: other jobs have {}{:g} of them now, and the job needs {:g}",
                              need.name, quota.value, need.unit, subject_.services.region(),
                              use_.complete ? "" : "at least ", used(need), need.amount),
                  fmt::format("wait until they have ended, or {}; or change {}",
                              request_of(quota, used(need) + need.amount), need.option),
                  need.option);
  }

  const Subject& subject_;
  const std::vector<Need> needs_;
  FoundQuotas found_;
  MachineUse use_;
};

}  // namespace

Findings check_quotas(const Subject& subject) {
  return QuotaCheck(subject).run();
}

}  // namespace smflow::preflight
