#include "machine_use.hpp"

namespace smflow::preflight {

namespace {

constexpr int most_pages = 10;

void add(MachineUse& use, const aws::ActiveJob& job, const std::string& instance_type) {
  for (const aws::MachineGroup& group : job.machines) {
    if (group.instance_type == instance_type) (job.spot ? use.spot : use.on_demand) += static_cast<double>(group.count);
  }
}

}  // namespace

aws::Outcome<MachineUse> machines_in_use(Services& services, const std::string& instance_type) {
  MachineUse use;
  std::string token;
  for (int number = 0; number < most_pages && !use.complete; ++number) {
    const auto page = services.active_jobs(token);
    if (!page) return tl::unexpected(page.error());
    for (const aws::ActiveJob& job : page->jobs) add(use, job, instance_type);
    token = page->next_token;
    use.complete = token.empty();
  }
  return use;
}

}  // namespace smflow::preflight
