#include "operations/query_answer.hpp"

#include <smflow/aws/operations/iam.hpp>
#include <smflow/aws/protocol.hpp>

namespace smflow::aws {

namespace {

Query fields_of(const SimulationInput& input) {
  Query fields{{"PolicySourceArn", input.principal_arn},
               {"ActionNames.member.1", input.action},
               {"ResourceArns.member.1", input.resource_arn}};
  int number = 0;
  for (const auto& [key, value] : input.context) {
    const std::string entry = "ContextEntries.member." + std::to_string(++number) + ".";
    fields.emplace_back(entry + "ContextKeyName", key);
    fields.emplace_back(entry + "ContextKeyType", "string");
    fields.emplace_back(entry + "ContextKeyValues.member.1", value);
  }
  return fields;
}

}  // namespace

Outcome<SimulatedDecision> simulate_principal_policy(Client& client, const SimulationInput& input,
                                                     std::stop_token cancel) {
  const std::string operation = "SimulatePrincipalPolicy";
  const auto document = query_answer(client, operation, call_query(client, operation, fields_of(input), false, cancel));
  if (!document) return tl::unexpected(document.error());
  const pugi::xml_node result = query_result(*document, operation).child("EvaluationResults").child("member");
  SimulatedDecision simulated{.decision = child_text(result, "EvalDecision")};
  if (simulated.decision.empty()) {
    return tl::unexpected(bad_answer(client, operation, {}, "the answer holds no decision"));
  }
  for (const pugi::xml_node& key : result.child("MissingContextValues").children("member")) {
    simulated.missing_context.emplace_back(key.text().as_string());
  }
  return simulated;
}

}  // namespace smflow::aws
