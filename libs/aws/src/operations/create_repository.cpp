#include "operations/ecr_input.hpp"
#include "operations/json_answer.hpp"

namespace smflow::aws {

Outcome<Repository> create_repository(Client& client, const CreateRepositoryInput& input, std::stop_token cancel) {
  const std::string operation = "CreateRepository";
  Json request{{"repositoryName", input.name},
               {"imageTagMutability", input.immutable_tags ? "IMMUTABLE" : "MUTABLE"},
               {"imageScanningConfiguration", {{"scanOnPush", input.scan_on_push}}}};
  for (const auto& [key, value] : input.tags) request["tags"].push_back({{"Key", key}, {"Value", value}});
  return read_answer(client, operation, call_json(client, operation, request, cancel),
                     [](const Json& answer) { return repository_of(answer.at("repository")); });
}

}  // namespace smflow::aws
