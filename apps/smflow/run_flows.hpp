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
  std::string resumed = {};  // the earlier job whose checkpoints it begins with; empty: none
  bool dry_run = false;
  bool detach = false;
  bool check = true;  // before a job is sent to SageMaker
};

// True when the job runs on SageMaker or may run in a container, has a place on S3, or gets AWS credentials.
bool needs_network(const plan::RunPlan& plan);

Error no_checkpoints(const std::string& earlier_job, const std::string& why);
// E067 when the job is to go on from checkpoints and there are none.
void require_checkpoints(const PlannedRun& run, const engine::StoreOpener& open_store);

// Carries the run out, here or on SageMaker; the command's exit code.
int start(Session& session, const PlannedRun& run);
// In smflow-network. In smflow: becomes smflow-network.
int run_on_sagemaker(Session& session, const PlannedRun& run);

// What runs a job on this machine.
struct LocalService {
  std::unique_ptr<plan::TrainingService> service;
  // Of a job in containers: gets its image where it is not here, which may take minutes; the image's id, "sha256:...".
  // Lives no longer than what the service was made from.
  std::function<Result<std::string>(std::stop_token stop)> get_image = {};
};

// What a job on this machine is carried out with.
struct LocalMachine {
  engine::StoreOpener open_store = storage::open_store;
  // What the stores obey; the second Ctrl-C asks for it, as the first one lets the job save.
  std::stop_source stop_transfers = {};
  // What the transfers of a job obey that has not begun; the first Ctrl-C asks for it.
  std::stop_source stop_inputs = {};
  // Shows on a screen what is transferred, as TransferLine::show_on.
  std::function<void(Screen* screen)> show_transfers = [](Screen*) {};
  // It may say on the screen which it is.
  std::function<LocalService(const plan::JobPlan& job, const Clock& clock, Screen& screen)> make_service = {};
};

// How a service on this machine opens stores.
struct ServiceStores {
  engine::StoreOpener open_store = storage::open_store;
  engine::StoreOpener open_input = {};  // for the channels; none: open_store
};

std::unique_ptr<plan::TrainingService> process_service(const Clock& clock, const ServiceStores& stores,
                                                       const engine::CredentialSource& credentials = {});

// Does `work` with what the plan's job needs on this machine; its exit code. Where that needs the network, smflow
// becomes smflow-network first.
using LocalWork = std::function<int(const LocalMachine&)>;
int on_this_machine(Session& session, const plan::RunPlan& plan, const LocalWork& work);
// The same for a job that needs the network, which is in smflow-network only.
int on_this_machine_with_network(Session& session, const LocalWork& work);

}  // namespace smflow::cli
