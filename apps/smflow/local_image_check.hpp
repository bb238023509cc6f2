#pragma once

#include <smflow/docker/engine.hpp>
#include <smflow/plan/job_plan.hpp>
#include <smflow/preflight/finding.hpp>

namespace smflow::cli {

// Looks into the image of a job that is on the engine's machine. The program that the entrypoint would run has to be
// below /opt/ml/code: what the plan names, by itself or in its environment, else what the image does, else main,
// main.py or main.sh (E234). Its config schema has to be that of the plan (E238). Empty when the image is not there,
// cannot be looked into, or is not what the code comes from.
preflight::Findings check_local_image(const docker::Engine& engine, const plan::JobPlan& plan);

}  // namespace smflow::cli
