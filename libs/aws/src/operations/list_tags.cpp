#include "operations/json_answer.hpp"

#include <smflow/aws/operations/training_jobs.hpp>

namespace smflow::aws {

namespace {

TagPage page_of(const Json& answer) {
  TagPage page{.tags = {}, .next_token = text_at(answer, "NextToken")};
  for (const Json& tag : list_at(answer, "Tags")) page.tags[tag.at("Key").get<std::string>()] = text_at(tag, "Value");
  return page;
}

}  // namespace

Outcome<TagPage> list_tags(Client& client, const std::string& arn, const std::string& next_token) {
  const std::string operation = "ListTags";
  Json input{{"ResourceArn", arn}, {"MaxResults", 100}};
  if (!next_token.empty()) input["NextToken"] = next_token;
  return read_answer(client, operation, call_json(client, operation, input), page_of);
}

}  // namespace smflow::aws
