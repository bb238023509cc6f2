#pragma once

#include "xml.hpp"

#include <smflow/aws/client.hpp>

namespace smflow::aws {

// What "<OperationResponse><OperationResult>" holds; E430 when the answer has another form.
Outcome<pugi::xml_document> sts_answer(const Client& client, const std::string& operation,
                                       const Outcome<std::string>& answer);
pugi::xml_node sts_result(const pugi::xml_document& document, const std::string& operation);

Outcome<Credentials> sts_credentials(const Client& client, const std::string& operation,
                                     const Outcome<std::string>& answer);

}  // namespace smflow::aws
