#pragma once

#include <string>
#include <string_view>

namespace smflow {

// True when a variable or option of this name holds a secret by its name: SECRET, PASSWORD, TOKEN, PRIVATE, CREDS,
// CREDENTIAL, or KEY as a word of the name (the list of the SageMaker Python SDK's container driver).
bool names_a_secret(std::string_view name);

// True when a word of `text` says that a secret is near: password, secret, token, credential and the like, or "key"
// after api, access, private, session. Words end where letters and digits do, and before a capital ("authToken"). Whole
// words, since TOKENIZERS_PARALLELISM and MAX_TOKENS are no secrets.
bool speaks_of_a_secret(std::string_view text);

// `text` with every credential in it replaced by "[redacted:<rule>]": AWS access key ids and what follows
// "aws_secret_access_key", "aws_session_token" and the like. The one function that every text for a log, a record or an
// upload passes.
std::string redact(std::string_view text);

}  // namespace smflow
