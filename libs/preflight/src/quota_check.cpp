#include "checks.hpp"
#include "findings.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include <fmt/format.h>

#include <smflow/base/text.hpp>

namespace smflow::preflight {

namespace {

constexpr const char* check = "quota";
constexpr const char* permission = "servicequotas:ListServiceQuotas";
constexpr const char* usage = " for training job usage";
constexpr int most_pages = 200;
constexpr std::chrono::seconds usual_run_time{432'000};  // AWS's own limit for an account that never asked for more

// A quota that the job needs, and how much of it.
struct Need {
  std::string name;
  double amount;
  const char* option;
  const char* unit;
};

std::vector<Need> needs_of(const plan::JobPlan& plan) {
  const double count = plan.instance_count;
  const std::string& type = plan.instance_type;
  std::vector<Need> needs{
      {type + (plan.spot ? " for spot training job usage" : usage), count, "SAGEMAKER.INSTANCE_TYPE", "machines"}};
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
  explicit QuotaCheck(const Subject& subject) : subject_(subject), needs_(needs_of(subject.plan)) {
    for (const Need& need : needs_) wanted_.insert(need.name);
  }

  Findings run() {
    auto read = search([&](const std::string& token) { return subject_.services.quotas(token); });
    // A quota nobody has changed may be listed among AWS's own values only.
    if (read && !wanted_.empty()) {
      read = search([&](const std::string& token) { return subject_.services.default_quotas(token); });
    }
    if (!read) return {not_checked(check, read.error(), permission)};
    Findings findings;
    for (const Need& need : needs_) findings.push_back(judge(need));
    return findings;
  }

 private:
  using Ask = std::function<aws::Outcome<aws::QuotaPage>(const std::string& token)>;

  aws::Outcome<void> search(const Ask& ask) {
    std::string token;
    for (int number = 0; number < most_pages && !wanted_.empty(); ++number) {
      const auto page = ask(token);
      if (!page) return tl::unexpected(page.error());
      for (const aws::Quota& quota : page->quotas) take(quota);
      token = page->next_token;
      if (token.empty()) return {};
    }
    return {};
  }

  void take(const aws::Quota& quota) {
    if (wanted_.erase(quota.name) > 0) found_.emplace(quota.name, quota);
    const std::size_t end = quota.name.find(" for ");
    if (quota.name.starts_with("ml.") && end != std::string::npos) types_.insert(quota.name.substr(0, end));
  }

  Finding judge(const Need& need) const {
    const auto found = found_.find(need.name);
    if (found == found_.end()) return unnamed(need);
    if (found->second.value < need.amount) return too_low(need, found->second);
    return passed(check, fmt::format("{}: {:g} {}", need.name, found->second.value, need.unit));
  }

  Finding unnamed(const Need& need) const {
    const std::string& type = subject_.plan.instance_type;
    if (!types_.empty() && !types_.contains(type)) return unknown_type(type);
    return warned(check, "E201", fmt::format("quota not checked: Service Quotas names none '{}'", need.name),
                  "look yourself", need.option);
  }

  Finding unknown_type(const std::string& type) const {
    const std::vector<std::string> known(types_.begin(), types_.end());
    const std::string near = nearest(type, known);
    return failed(
        check,
        {.code = "E219",
         .exit = ExitCode::configuration,
         .message = fmt::format("SageMaker has no instance type '{}' in {}", type, subject_.services.region()),
         .fix = near.empty() ? "name one like ml.g5.xlarge" : "did you mean '" + near + "'?"},
        "SAGEMAKER.INSTANCE_TYPE");
  }

  Finding too_low(const Need& need, const aws::Quota& quota) const {
    const std::string& region = subject_.services.region();
    return failed(check,
                  {.code = "E226",
                   .exit = ExitCode::service,
                   .message = fmt::format("quota '{}' is {:g} {} in {}, and the job needs {:g}", need.name, quota.value,
                                          need.unit, region, need.amount),
                   .fix = fmt::format("aws service-quotas request-service-quota-increase --service-code sagemaker "
                                      "--quota-code {} --desired-value {:g} --region {}; or change {}",
                                      quota.code, need.amount, region, need.option)},
                  need.option);
  }

  const Subject& subject_;
  const std::vector<Need> needs_;
  std::set<std::string> wanted_;
  std::map<std::string, aws::Quota> found_;
  std::set<std::string> types_;
};

}  // namespace

Findings check_quotas(const Subject& subject) {
  return QuotaCheck(subject).run();
}

}  // namespace smflow::preflight
