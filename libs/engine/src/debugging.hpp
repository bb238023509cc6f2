#pragma once

#include <smflow/engine/hosts.hpp>
#include <smflow/engine/running_jobs.hpp>

namespace smflow::engine {

// In a host's folder: the process that is its entrypoint, as the machine counts. Only where hosts are processes.
inline constexpr const char* process_file = "process";
// In a job's folder: LOCAL.CODE, when it is given.
inline constexpr const char* code_file = "code";
// In the work directory: <job>/<host>/ of every core that is kept.
inline constexpr const char* cores_folder = ".cores";

// Moves the core that a host's program has left, if any, to the work directory, and removes all but those of the newest
// jobs.
void keep_core(const plan::JobPlan& plan, const RunningHost& host);

}  // namespace smflow::engine
