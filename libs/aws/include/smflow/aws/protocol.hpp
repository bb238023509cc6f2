#pragma once

#include <smflow/aws/client.hpp>
#include <smflow/base/json.hpp>

namespace smflow::aws {

// JSON 1.1 (SageMaker, ECR, CloudWatch Logs, Service Quotas): POST / with X-Amz-Target. `input` is an object. An empty
// answer is {}.
Outcome<Json> call_json(Client& client, const std::string& operation, const Json& input, std::stop_token cancel = {});

// Query (STS, IAM): POST / with a form. The answer is the XML text, well-formed and not empty.
Outcome<std::string> call_query(Client& client, const std::string& operation, const Query& input,
                                bool anonymous = false, std::stop_token cancel = {});

// REST-JSON (single sign-on): the call as it stands. The answer is an object.
Outcome<Json> call_rest_json(Client& client, const ApiCall& call);

// The error of an answer that has not the form it should have.
AwsError bad_answer(const Client& client, const std::string& operation, const ApiAnswer& answer,
                    const std::string& why);

}  // namespace smflow::aws
