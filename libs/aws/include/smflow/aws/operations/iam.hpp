#pragma once

#include <map>
#include <string>
#include <vector>

#include <smflow/aws/client.hpp>

// Operations of AWS Identity and Access Management (API version 2010-05-08) that smflow uses.
namespace smflow::aws {

struct Role {
  std::string name;
  std::string arn;           // with its path
  std::string trust_policy;  // AssumeRolePolicyDocument, decoded: JSON as whoever made the role wrote it
};
// By its name without path. A role that does not exist is Kind::not_found.
Outcome<Role> get_role(Client& client, const std::string& name, std::stop_token cancel = {});

struct SimulationInput {
  std::string principal_arn;  // of a user or role; the account's root is Kind::invalid
  std::string action;         // "iam:PassRole"
  std::string resource_arn;
  std::map<std::string, std::string> context = {};  // texts, by context key
};
struct SimulatedDecision {
  std::string decision;                           // "allowed", "implicitDeny" or "explicitDeny"
  std::vector<std::string> missing_context = {};  // keys that a policy asks for and the simulation has not: the real
                                                  // call may be decided otherwise
};
// SimulatePrincipalPolicy of one action on one resource.
Outcome<SimulatedDecision> simulate_principal_policy(Client& client, const SimulationInput& input,
                                                     std::stop_token cancel = {});

}  // namespace smflow::aws
