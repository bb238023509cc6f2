#include <smflow/aws/operations/training_jobs.hpp>
#include <smflow/aws/protocol.hpp>

namespace smflow::aws {

Outcome<void> add_tags(Client& client, const std::string& arn, const std::map<std::string, std::string>& tags) {
  Json input{{"ResourceArn", arn}, {"Tags", Json::array()}};
  for (const auto& [key, value] : tags) input["Tags"].push_back({{"Key", key}, {"Value", value}});
  const auto answer = call_json(client, "AddTags", input);
  if (!answer) return tl::unexpected(answer.error());
  return {};
}

}  // namespace smflow::aws
