#include "operations/ecr_input.hpp"

#include "operations/json_answer.hpp"

namespace smflow::aws {

Json repository_input(const RepositoryName& repository) {
  Json input{{"repositoryName", repository.name}};
  if (!repository.registry.empty()) input["registryId"] = repository.registry;
  return input;
}

Json image_input(const RepositoryName& repository, const ImageId& image) {
  Json input = repository_input(repository);
  const bool by_digest = !image.digest.empty();
  input["imageIds"] = Json::array({{{by_digest ? "imageDigest" : "imageTag", by_digest ? image.digest : image.tag}}});
  return input;
}

Repository repository_of(const Json& answer) {
  return {.name = text_at(answer, "repositoryName"),
          .arn = text_at(answer, "repositoryArn"),
          .uri = answer.at("repositoryUri").get<std::string>()};
}

}  // namespace smflow::aws
