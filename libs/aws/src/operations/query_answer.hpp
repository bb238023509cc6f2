#pragma once

#include "xml.hpp"

#include <smflow/aws/client.hpp>

// Answers of the query protocol (STS, IAM).
namespace smflow::aws {

// What "<OperationResponse><OperationResult>" holds; Kind::answer when the answer has another form.
Outcome<pugi::xml_document> query_answer(const Client& client, const std::string& operation,
                                         const Outcome<std::string>& answer);
pugi::xml_node query_result(const pugi::xml_document& document, const std::string& operation);

}  // namespace smflow::aws
