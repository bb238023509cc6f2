#include "local_service.hpp"

#include "build_view.hpp"
#include "image_registry.hpp"

#include <smflow/base/parallel.hpp>
#include <smflow/container/container_engine.hpp>

namespace smflow::cli {

namespace {

Result<docker::RegistryAuth> login_of(const std::string& registry) try {
  return registry_login(registry);
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

Result<std::string> name_in_ecr(const plan::JobPlan& job, AwsAccess& access) try {
  return plan::full_image_uri(job, access.caller());
} catch (const CommandFailure& failure) {
  return tl::unexpected(failure.errors().front());
}

container::ContainerEngineOptions container_options(std::shared_ptr<const docker::Engine> docker, const Clock& clock,
                                                    Screen& screen, const ServiceStores& stores, AwsAccess& access) {
  const auto view = std::make_shared<BuildView>(screen);
  return {.docker = std::move(docker),
          .clock = &clock,
          .open_store = stores.open_store,
          .open_input = stores.open_input,
          .credentials = credential_source(access),
          .name_in_registry = [&access](const plan::JobPlan& job) { return name_in_ecr(job, access); },
          .login = login_of,
          .pull_progress = [view](const docker::Progress& progress) { view->show(progress); }};
}

Result<std::string> id_of_got_image(const container::ContainerEngineOptions& options, const plan::JobPlan& job,
                                    std::stop_token stop) {
  if (auto got = container::get_image(options, job, std::move(stop)); !got) return tl::unexpected(got.error());
  return options.docker->inspect_image(job.image_uri).map([](const auto& image) {
    return image ? image->id : std::string();
  });
}

}  // namespace

std::string id_of_image(const plan::JobPlan& job, Screen& screen, AwsAccess& access) {
  auto docker = find_container_engine();
  if (!docker) return {};
  const SystemClock clock;
  const ServiceStores stores;
  const auto id = id_of_got_image(container_options(*std::move(docker), clock, screen, stores, access), job, {});
  screen.clear_live();
  return id.value_or("");
}

Result<std::shared_ptr<const docker::Engine>> find_container_engine() {
  return docker::find_engine().and_then(
      [](const docker::EngineAddress& address) { return docker::connect_to(address, "smflow/" SMFLOW_VERSION); });
}

std::unique_ptr<plan::TrainingService> container_service(std::shared_ptr<const docker::Engine> docker,
                                                         const Clock& clock, Screen& screen,
                                                         const ServiceStores& stores, AwsAccess& access) {
  return std::make_unique<container::ContainerEngine>(
      container_options(std::move(docker), clock, screen, stores, access));
}

LocalService local_service(const plan::JobPlan& job, const Clock& clock, Screen& screen, const ServiceStores& stores,
                           AwsAccess& access, std::stop_token cancel) {
  const auto as_process = [&] { return LocalService{process_service(clock, stores, credential_source(access))}; };
  const auto in_containers = [&](std::shared_ptr<const docker::Engine> docker) {
    return LocalService{.service = container_service(docker, clock, screen, stores, access),
                        .get_image = [&, docker](std::stop_token stop) {
                          return id_of_got_image(container_options(docker, clock, screen, stores, access), job, stop);
                        }};
  };
  const bool choose = job.local.engine == plan::LocalEngine::automatic;
  if (job.local.engine == plan::LocalEngine::process || (choose && job.image_uri.empty())) return as_process();
  auto docker = find_container_engine();
  if (!choose) return in_containers(value_or_throw(std::move(docker)));
  const auto possible = docker.and_then([&](const std::shared_ptr<const docker::Engine>& engine) {
    return container::get_image(container_options(engine, clock, screen, stores, access), job, cancel);
  });
  screen.clear_live();
  if (cancel.stop_requested()) throw CommandFailure(interrupted());
  screen.line(possible ? "in a container of " + job.image_uri
                       : "as a process of this machine: " + possible.error().message);
  return possible ? in_containers(*std::move(docker)) : as_process();
}

}  // namespace smflow::cli
