#include "trust_policy.hpp"

#include <algorithm>
#include <functional>

#include <fnmatch.h>

#include <smflow/base/json.hpp>

namespace smflow::preflight {

namespace {

// A text, or any of a list of texts.
bool any_text(const Json& value, const std::function<bool(const std::string&)>& holds) {
  if (value.is_string()) return holds(value.get<std::string>());
  return value.is_array() && std::any_of(value.begin(), value.end(),
                                         [&](const Json& one) { return one.is_string() && any_text(one, holds); });
}

bool is_sagemaker(const std::string& principal) {
  return principal == "sagemaker.amazonaws.com" || principal == "sagemaker.amazonaws.com.cn" || principal == "*";
}

bool is_assume_role(const std::string& action) {
  return ::fnmatch(action.c_str(), "sts:AssumeRole", FNM_CASEFOLD | FNM_NOESCAPE) == 0;
}

bool concerns_sagemaker(const Json& statement) {
  const Json principal = statement.value("Principal", Json());
  const bool named = principal.is_object() ? any_text(principal.value("Service", Json()), is_sagemaker)
                                           : any_text(principal, [](const std::string& text) { return text == "*"; });
  return named && any_text(statement.value("Action", Json()), is_assume_role);
}

bool has_effect(const Json& statement, const char* effect) {
  return statement.value("Effect", Json()) == effect;
}

}  // namespace

std::optional<bool> trusts_sagemaker(std::string_view policy) {
  const auto json = parse_json(policy, "the trust policy", {.bytes = 1u << 20, .depth = 32});
  if (!json || !json->is_object() || !json->contains("Statement")) return std::nullopt;
  const Json& written = (*json)["Statement"];
  const Json statements = written.is_array() ? written : Json::array({written});
  bool trusts = false;
  for (const Json& statement : statements) {
    if (!statement.is_object()) return std::nullopt;
    if (!concerns_sagemaker(statement)) continue;
    if (has_effect(statement, "Deny") && !statement.contains("Condition")) return false;
    trusts = trusts || has_effect(statement, "Allow");
  }
  return trusts;
}

}  // namespace smflow::preflight
