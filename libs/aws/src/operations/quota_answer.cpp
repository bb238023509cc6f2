#include "operations/quota_answer.hpp"

#include "operations/json_answer.hpp"

namespace smflow::aws {

namespace {

Quota quota_of(const Json& quota) {
  return {.name = quota.at("QuotaName").get<std::string>(),
          .code = text_at(quota, "QuotaCode"),
          .value = quota.at("Value").get<double>()};
}

QuotaPage page_of(const Json& answer) {
  QuotaPage page{.quotas = {}, .next_token = text_at(answer, "NextToken")};
  for (const Json& one : list_at(answer, "Quotas")) page.quotas.push_back(quota_of(one));
  return page;
}

}  // namespace

Outcome<QuotaPage> quota_page(Client& client, const std::string& operation, const std::string& service,
                              const std::string& next_token, std::stop_token cancel) {
  Json input{{"ServiceCode", service}, {"MaxResults", 100}};
  if (!next_token.empty()) input["NextToken"] = next_token;
  return read_answer(client, operation, call_json(client, operation, input, cancel), page_of);
}

Outcome<Quota> one_quota(Client& client, const std::string& operation, const std::string& service,
                         const std::string& code, std::stop_token cancel) {
  const Json input{{"ServiceCode", service}, {"QuotaCode", code}};
  return read_answer(client, operation, call_json(client, operation, input, cancel),
                     [](const Json& answer) { return quota_of(answer.at("Quota")); });
}

}  // namespace smflow::aws
