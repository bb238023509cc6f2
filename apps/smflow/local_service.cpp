#include "local_service.hpp"

#include "build_view.hpp"
#include "image_registry.hpp"
#include "run_flows.hpp"

#include <smflow/container/container_engine.hpp>

namespace smflow::cli {

namespace {

Result<docker::RegistryAuth> login_of(const std::string& registry, AwsAccess& access) try {
  return registry_login(access, registry);
} catch (const CommandFailure& failure) {
  return tl::unexpected(failure.errors().front());
}

Result<std::map<std::string, std::string>> credentials_of(AwsAccess& access) try {
  const auto found = access.session().credentials().get();
  if (!found) return tl::unexpected(found.error());
  std::map<std::string, std::string> variables{{"AWS_ACCESS_KEY_ID", found->access_key_id},
                                               {"AWS_SECRET_ACCESS_KEY", found->secret_access_key}};
  if (!found->session_token.empty()) variables["AWS_SESSION_TOKEN"] = found->session_token;
  return variables;
} catch (const CommandFailure& failure) {
  return tl::unexpected(failure.errors().front());
}

engine::CredentialSource credential_source(AwsAccess& access) {
  return [&access] { return credentials_of(access); };
}

// Empty: containers it is.
std::string why_not_containers(const Result<std::shared_ptr<const docker::Engine>>& docker, const plan::JobPlan& job) {
  if (!docker) return docker.error().message;
  const auto image = (*docker)->inspect_image(job.image_uri);
  if (!image) return image.error().message;
  const bool there = image->has_value() || job.platform.image_is_full_uri;
  return there ? "" : "the image '" + job.image_uri + "' is not on this machine";
}

}  // namespace

Result<std::shared_ptr<const docker::Engine>> find_container_engine() {
  return docker::find_engine().and_then(
      [](const docker::EngineAddress& address) { return docker::connect_to(address, "smflow/" SMFLOW_VERSION); });
}

std::unique_ptr<plan::TrainingService> container_service(std::shared_ptr<const docker::Engine> docker,
                                                         const Clock& clock, Screen& screen,
                                                         const engine::StoreOpener& open_store, AwsAccess& access) {
  const auto view = std::make_shared<BuildView>(screen);
  return std::make_unique<container::ContainerEngine>(container::ContainerEngineOptions{
      .docker = std::move(docker),
      .clock = &clock,
      .open_store = open_store,
      .credentials = credential_source(access),
      .login = [&access](const std::string& registry) { return login_of(registry, access); },
      .pull_progress = [view](const docker::Progress& progress) { view->show(progress); }});
}

std::unique_ptr<plan::TrainingService> local_service(const plan::JobPlan& job, const Clock& clock, Screen& screen,
                                                     const engine::StoreOpener& open_store, AwsAccess& access) {
  const bool choose = job.local.engine == plan::LocalEngine::automatic;
  if (job.local.engine == plan::LocalEngine::process || (choose && job.image_uri.empty())) {
    return process_service(clock, open_store, credential_source(access));
  }
  auto docker = find_container_engine();
  if (choose) {
    const std::string why = why_not_containers(docker, job);
    screen.line(why.empty() ? "in a container of " + job.image_uri : "as a process of this machine: " + why);
    if (!why.empty()) return process_service(clock, open_store, credential_source(access));
  }
  return container_service(value_or_throw(std::move(docker)), clock, screen, open_store, access);
}

}  // namespace smflow::cli
