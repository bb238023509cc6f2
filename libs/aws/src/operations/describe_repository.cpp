#include "operations/ecr_input.hpp"
#include "operations/json_answer.hpp"

namespace smflow::aws {

Outcome<Repository> describe_repository(Client& client, const RepositoryName& repository, std::stop_token cancel) {
  const std::string operation = "DescribeRepositories";
  Json input{{"repositoryNames", Json::array({repository.name})}};
  if (!repository.registry.empty()) input["registryId"] = repository.registry;
  return read_answer(client, operation, call_json(client, operation, input, cancel),
                     [](const Json& answer) { return repository_of(list_at(answer, "repositories").at(0)); });
}

}  // namespace smflow::aws
