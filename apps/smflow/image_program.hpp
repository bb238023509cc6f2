#pragma once

#include <optional>

#include <smflow/docker/engine.hpp>
#include <smflow/plan/job_plan.hpp>
#include <smflow/preflight/finding.hpp>

namespace smflow::cli {

// Whether the image of a job, when it is on the engine's machine, has the program that the entrypoint would run: what
// the plan names, by itself or in its environment, else what the image does, else main, main.py or main.sh, below
// /opt/ml/code (E234). None when the image is not there, cannot be looked into, or is not what the code comes from.
std::optional<preflight::Finding> check_image_program(const docker::Engine& engine, const plan::JobPlan& plan);

}  // namespace smflow::cli
