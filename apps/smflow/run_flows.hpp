#pragma once

#include "session.hpp"

#include <stop_token>

#include <smflow/engine/process_engine.hpp>
#include <smflow/plan/make_plan.hpp>
#include <smflow/records/run_record.hpp>

namespace smflow::cli {

// A run that is read and planned; what is left is to carry it out where the plan says.
struct PlannedRun {
  plan::JobConfigs configs;  // their warnings are not shown yet
  plan::RunPlan plan;
  records::RecordInput record;
  bool dry_run = false;
  bool detach = false;
  bool check = true;  // before a job is sent to SageMaker
};

// True when the job runs on SageMaker, or has a place on S3.
bool needs_network(const plan::RunPlan& plan);

// Each returns the command's exit code. `stop_transfers` is what the stores of `open_store` obey; the second Ctrl-C
// asks for it, as the first one lets the job save.
int run_on_this_machine(Session& session, const PlannedRun& run, engine::StoreOpener open_store,
                        std::stop_source stop_transfers = {});
// In smflow-network: here or on SageMaker. In smflow: becomes smflow-network.
int run_with_network(Session& session, const PlannedRun& run);

}  // namespace smflow::cli
