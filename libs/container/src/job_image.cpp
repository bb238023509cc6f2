#include <smflow/base/text.hpp>
#include <smflow/container/container_engine.hpp>
#include <smflow/docker/engine.hpp>
#include <smflow/docker/names.hpp>

namespace smflow::container {

namespace {

Error no_image() {
  return {.code = "E120",
          .exit = ExitCode::configuration,
          .message = "a job in containers needs an image, and the config names none",
          .fix = "set ECR.IMAGE_NAME to what smflow build has made, or LOCAL.ENGINE to process"};
}

Error not_here(const std::string& image, const std::string& why) {
  return {.code = "E364",
          .exit = ExitCode::not_found,
          .message = "the image '" + printable(image) + "' is not on this machine" +
                     (why.empty() ? "" : ", and where Amazon ECR has it is not known: " + why),
          .fix = "build it: smflow build; or name it whole in ECR.IMAGE_URI"};
}

Result<void> get(const ContainerEngineOptions& options, const std::string& image, std::stop_token stop) {
  docker::RegistryAuth auth;
  if (options.login) {
    auto login = options.login(docker::registry_of(image));
    if (!login) return tl::unexpected(std::move(login).error());
    auth = *std::move(login);
  }
  return options.docker->pull_image(image, auth, options.pull_progress, std::move(stop));
}

}  // namespace

Result<void> get_image(const ContainerEngineOptions& options, const plan::JobPlan& plan, std::stop_token stop) {
  if (plan.image_uri.empty()) return tl::unexpected(no_image());
  const docker::Engine& docker = *options.docker;
  const auto image = docker.inspect_image(plan.image_uri);
  if (!image) return tl::unexpected(image.error());
  if (*image) return {};
  if (plan.platform.image_is_full_uri) return get(options, plan.image_uri, std::move(stop));
  // Docker Hub, where anybody can have that name, is not asked.
  if (!options.name_in_registry) return tl::unexpected(not_here(plan.image_uri, ""));
  const auto name = options.name_in_registry(plan);
  if (!name) return tl::unexpected(not_here(plan.image_uri, name.error().message));
  const auto pulled_before = docker.inspect_image(*name);
  if (!pulled_before) return tl::unexpected(pulled_before.error());
  if (!*pulled_before) {
    if (auto got = get(options, *name, std::move(stop)); !got) return got;
  }
  const std::size_t colon = plan.image_uri.rfind(':');
  return docker.tag_image(*name, plan.image_uri.substr(0, colon), plan.image_uri.substr(colon + 1));
}

}  // namespace smflow::container
