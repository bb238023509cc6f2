#include "checks.hpp"
#include "findings.hpp"
#include "instance_type.hpp"

#include <fmt/format.h>

namespace smflow::preflight {

Findings check_disks(const plan::JobPlan& plan) {
  if (plan.platform.volume_kms_key.empty() || !has_own_disk(plan.instance_type)) return {};
  return {failed("disks",
                 {.code = "E233",
                  .exit = ExitCode::configuration,
                  .message = fmt::format("{} has a disk of its own, which takes no key", plan.instance_type),
                  .fix = "leave out SAGEMAKER.VOLUME_KMS_KEY; the machine encrypts its disk by itself"},
                 "SAGEMAKER.VOLUME_KMS_KEY")};
}

}  // namespace smflow::preflight
