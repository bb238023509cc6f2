#pragma once

#include "aws_access.hpp"

#include <smflow/docker/engine.hpp>

namespace smflow::cli {

// Where an image is pushed to.
class ImageRegistry {
 public:
  virtual ~ImageRegistry() = default;
  // "host/name", to which a tag is added.
  virtual std::string repository() const = 0;
  // Makes the repository where there is none, and signs in. Every failure is a CommandFailure.
  virtual docker::RegistryAuth prepare() = 0;
  // E361 when the registry does not have `digest` under `tag`, E368 when that is an index of several images, which
  // SageMaker refuses.
  virtual void verify(const std::string& tag, const std::string& digest) = 0;
};

// How a repository is made that is not there.
struct RepositoryOptions {
  bool immutable_tags = false;
  std::map<std::string, std::string> tags = {};
};

// The Amazon ECR of an account (empty: the caller's) in the region of `access`.
std::unique_ptr<ImageRegistry> ecr_registry(AwsAccess& access, const std::string& account, const std::string& name,
                                            RepositoryOptions options = {});

// Any other, with the login that `docker login` has left in config.json of $DOCKER_CONFIG or ~/.docker; without one
// nobody signs in. E362 when the file is not understood.
std::unique_ptr<ImageRegistry> plain_registry(const std::string& host, const std::string& name,
                                              const EnvironmentLookup& environment = environment_variable);

// "eu-west-1" of "123456789012.dkr.ecr.eu-west-1.amazonaws.com"; empty when it is no host of Amazon ECR.
std::string ecr_region(std::string_view host);
// A login for any registry, empty for Docker Hub: of Amazon ECR, of whatever account and region, by the profile's
// credentials; else what `docker login` has left.
docker::RegistryAuth registry_login(const std::string& host, const std::string& profile = {});

}  // namespace smflow::cli
