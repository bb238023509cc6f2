#pragma once

#include "session.hpp"

#include <smflow/engine/process_engine.hpp>
#include <smflow/plan/make_plan.hpp>
#include <smflow/records/run_record.hpp>

namespace smflow::cli {

// What the configs and the command line say.
records::RecordInput record_input(const Session& session, const ConfigOptions& options, const plan::JobConfigs& configs,
                                  const plan::RunPlan& plan);

// The code of the current folder, and that of a local job.
void add_code(records::RecordInput& record, const plan::RunPlan& plan);
// The inputs. One that cannot be listed is no reason not to start the job: the record says so.
void add_data(records::RecordInput& record, const plan::RunPlan& plan, const engine::StoreOpener& open_store);

}  // namespace smflow::cli
