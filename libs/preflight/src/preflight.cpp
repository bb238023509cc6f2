#include "checks.hpp"
#include "findings.hpp"

#include <future>
#include <iterator>

#include <smflow/preflight/preflight.hpp>

namespace smflow::preflight {

namespace {

void append(Findings& all, Findings more) {
  all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

Findings check_on_aws(const Subject& subject) {
  std::vector<std::future<Findings>> running;
  for (const auto check : {check_role, check_pass_role, check_image, check_results_bucket, check_data, check_quotas}) {
    running.push_back(std::async(std::launch::async, check, std::cref(subject)));
  }
  Findings all;
  for (std::future<Findings>& one : running) append(all, one.get());
  return all;
}

Findings check_platform(const plan::JobPlan& plan, Services& services) {
  constexpr const char* check = "credentials";
  const auto caller = services.caller();
  if (!caller) return {failed(check, aws::as_error(caller.error()))};
  Findings all{passed(check, caller->arn + " in " + services.region())};
  append(all, check_on_aws({plan, services, *caller}));
  append(all, check_disks(plan));
  return all;
}

}  // namespace

std::vector<std::string> sample_lines() {
  const std::string values = "D(x): 0.6100 D(G(z))_before: 0.3300 D(G(z))_after: 0.2200 | 812 images/s";
  return {"[3/10][12/50] Loss_D: 0.5123 Loss_G: 2.1410 " + values,
          "[3/10][13/50] Loss_D: 1.2000e-05 Loss_G: 1.2000e+05 " + values};
}

Findings run_checks(const plan::JobPlan& plan, Services* services, const std::vector<std::string>& samples) {
  Findings all = services == nullptr ? check_local_data(plan) : check_platform(plan, *services);
  append(all, check_metrics(plan, samples));
  return all;
}

}  // namespace smflow::preflight
