#include "operations/ecr_input.hpp"
#include "operations/json_answer.hpp"

namespace smflow::aws {

Outcome<std::string> get_download_url(Client& client, const RepositoryName& repository, const std::string& digest,
                                      std::stop_token cancel) {
  const std::string operation = "GetDownloadUrlForLayer";
  Json input = repository_input(repository);
  input["layerDigest"] = digest;
  return read_answer(client, operation, call_json(client, operation, input, cancel),
                     [](const Json& answer) { return answer.at("downloadUrl").get<std::string>(); });
}

}  // namespace smflow::aws
