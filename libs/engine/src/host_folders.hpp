#pragma once

#include "inputs.hpp"
#include "job_folder.hpp"
#include "rung.hpp"
#include "sandbox_spec.hpp"

#include <map>
#include <string>
#include <vector>

#include <smflow/base/error.hpp>
#include <smflow/base/terminal.hpp>
#include <smflow/plan/job_plan.hpp>

namespace smflow::engine {

// The folder that stands as `path` (below /opt/ml) on a host.
std::filesystem::path on_this_machine(const JobFolder& folder, const std::string& host,
                                      const std::filesystem::path& path);

// Makes every host's /opt/ml with its folders and configuration files; E110 when the disk refuses.
Result<void> make_host_folders(const plan::JobPlan& plan, const JobFolder& folder, const std::vector<Input>& inputs);

// What depends on how the job runs: /etc/hosts, resourceconfig.json and, without namespaces, links in the place of
// mounts.
Result<void> fit_to(const Rung& rung, const plan::JobPlan& plan, const JobFolder& folder,
                    const std::vector<Input>& inputs);

// The variables a program finds on the platform, those of the plan, and a few of the caller's that say what this
// machine is like. No other variable of the caller reaches the program: no credentials, no surprises.
std::map<std::string, std::string> job_environment(const plan::JobPlan& plan, const EnvironmentLookup& caller);

// The orders for the sandbox.
SandboxSpec make_spec(const Rung& rung, const plan::JobPlan& plan, const JobFolder& folder,
                      const std::vector<Input>& inputs, const std::filesystem::path& entrypoint,
                      const EnvironmentLookup& caller);

}  // namespace smflow::engine
