#pragma once

#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include <smflow/docker/containers.hpp>
#include <smflow/engine/local_engine.hpp>

namespace smflow::container {

struct ContainerEngineOptions {
  std::shared_ptr<const docker::Engine> docker;
  const Clock* clock;  // lives longer than the engine; status times only
  engine::StoreOpener open_store = storage::open_store;
  engine::StoreOpener open_input = {};                   // for the channels; none: open_store
  EnvironmentLookup environment = environment_variable;  // the caller's
  std::chrono::milliseconds checkpoint_interval{30'000};
  engine::CredentialSource credentials = {};
  // The name in a registry of an image that the job names by repository and tag only; none: such an image has to be on
  // the engine's machine.
  std::function<Result<std::string>(const plan::JobPlan& plan)> name_in_registry = {};
  // For the registry (docker::registry_of) of an image that has to be pulled; none: nobody signs in.
  std::function<Result<docker::RegistryAuth>(const std::string& registry)> login = {};
  docker::ProgressSink pull_progress = {};
};

// Runs the hosts of a job as containers of its image, as `docker run IMAGE train` would: one container a host, of
// several hosts in a network of their own. Every file of a job belongs to the caller, whoever runs in the container:
// what the job leaves is copied out of it. Everything that is made carries the label "smflow.job".
//
// When the launcher is killed, its containers go on; the next submit, or remove_leftovers, ends them.
//
// submit() also fails with E120 (no image), E122 (the network) and the errors of the docker library.
class ContainerEngine : public engine::LocalEngine {
 public:
  explicit ContainerEngine(ContainerEngineOptions options);
};

// Gets the job's image where it is not on the engine's machine, which may take minutes. E120: it names none. E364 when
// it cannot be had.
Result<void> get_image(const ContainerEngineOptions& options, const plan::JobPlan& plan, std::stop_token stop = {});

// Removes the containers and networks of jobs of this machine whose launcher is gone; their names.
Result<std::vector<std::string>> remove_leftovers(const docker::Engine& engine);

}  // namespace smflow::container
