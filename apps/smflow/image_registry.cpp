#include "image_registry.hpp"

#include <smflow/aws/ecr_host.hpp>
#include <smflow/aws/operations/ecr.hpp>
#include <smflow/aws/partition.hpp>
#include <smflow/docker/registry_login.hpp>

namespace smflow::cli {

namespace {

template <class T>
T value_or_fail(aws::Outcome<T> outcome) {
  if (!outcome) throw CommandFailure(aws::as_error(outcome.error()));
  return *std::move(outcome);
}

Error other_digest(const std::string& image, const std::string& pushed, const std::string& found) {
  return {.code = "E361",
          .exit = ExitCode::conflict,
          .message = "'" + image + "' is " + found + " in the registry, and " + pushed + " was pushed",
          .fix = "somebody else pushed the same tag: choose another, or push again"};
}

docker::RegistryAuth ecr_login(AwsAccess& access, const std::string& host) {
  const auto login = value_or_fail(aws::get_authorization_token(access.client(aws::ecr)));
  return {.registry = host, .user = login.user, .password = login.password};
}

// One of OCI, one of Docker.
bool is_index(const std::string& manifest_type) {
  return manifest_type == "application/vnd.oci.image.index.v1+json" ||
         manifest_type == "application/vnd.docker.distribution.manifest.list.v2+json";
}

Error several_images(const std::string& image) {
  return {.code = "E368",
          .exit = ExitCode::machine,
          .message = "'" + image + "' is an index of images, and SageMaker takes a single image only",
          .fix =
              "let the engine keep its images in its own store: \"features\": {\"containerd-snapshotter\": false} in "
              "/etc/docker/daemon.json"};
}

class EcrRegistry : public ImageRegistry {
 public:
  EcrRegistry(AwsAccess& access, const std::string& account, const std::string& name, RepositoryOptions options)
      : access_(access),
        name_{.registry = account.empty() ? access.caller().account : account, .name = name},
        options_(std::move(options)) {
    const std::string& region = access.caller().region;
    host_ = name_.registry + ".dkr.ecr." + region + "." + std::string(aws::partition_of(region).dns_suffix);
  }

  std::string repository() const override { return host_ + "/" + name_.name; }

  docker::RegistryAuth prepare() override {
    make_repository();
    return ecr_login(access_, host_);
  }

  void verify(const std::string& tag, const std::string& digest) override {
    const auto image = value_or_fail(aws::describe_image(access_.client(aws::ecr), name_, {.tag = tag}));
    if (image.digest != digest) throw CommandFailure(other_digest(repository() + ":" + tag, digest, image.digest));
    if (is_index(image.manifest_type)) throw CommandFailure(several_images(repository() + ":" + tag));
  }

 private:
  void make_repository() {
    aws::Client& client = access_.client(aws::ecr);
    const auto found = aws::describe_repository(client, name_);
    if (found) return;
    const bool is_ours = name_.registry == access_.caller().account;
    if (found.error().kind != aws::AwsError::Kind::not_found || !is_ours) {
      throw CommandFailure(aws::as_error(found.error()));
    }
    const auto made = aws::create_repository(
        client,
        {.name = name_.name, .immutable_tags = options_.immutable_tags, .scan_on_push = true, .tags = options_.tags});
    // Somebody else may have made it meanwhile.
    if (!made && made.error().kind != aws::AwsError::Kind::conflict) throw CommandFailure(aws::as_error(made.error()));
  }

  AwsAccess& access_;
  aws::RepositoryName name_;
  RepositoryOptions options_;
  std::string host_;
};

class PlainRegistry : public ImageRegistry {
 public:
  PlainRegistry(const std::string& host, const std::string& name, const EnvironmentLookup& environment)
      : host_(host), name_(name), environment_(environment) {}

  std::string repository() const override { return host_ + "/" + name_; }
  docker::RegistryAuth prepare() override { return value_or_throw(docker::find_login(host_, environment_)); }
  // The digest is what the registry itself has answered.
  void verify(const std::string&, const std::string&) override {}

 private:
  std::string host_;
  std::string name_;
  EnvironmentLookup environment_;
};

}  // namespace

std::unique_ptr<ImageRegistry> ecr_registry(AwsAccess& access, const std::string& account, const std::string& name,
                                            RepositoryOptions options) {
  return std::make_unique<EcrRegistry>(access, account, name, std::move(options));
}

std::unique_ptr<ImageRegistry> plain_registry(const std::string& host, const std::string& name,
                                              const EnvironmentLookup& environment) {
  return std::make_unique<PlainRegistry>(host, name, environment);
}

std::string ecr_region(std::string_view host) {
  const auto ecr = aws::parse_ecr_host(host);
  return ecr ? ecr->region : "";
}

docker::RegistryAuth registry_login(const std::string& host, const std::string& profile) {
  const std::string region = ecr_region(host);
  if (region.empty()) return value_or_throw(docker::find_login(host, environment_variable));
  AwsAccess access({.profile = profile, .region = region});
  return ecr_login(access, host);
}

}  // namespace smflow::cli
