#include "credentials/sources.hpp"

#include <smflow/base/redact.hpp>
#include <smflow/base/text.hpp>

namespace smflow::aws {

namespace {

tl::unexpected<Error> bad_process(const std::string& profile, const std::string& why) {
  return tl::unexpected(Error{.code = "E405",
                              .exit = ExitCode::permission,
                              .message = "the credential_process of the profile '" + profile + "' " + why,
                              .fix = "run it by hand; it must print JSON with Version 1"});
}

}  // namespace

Lookup look_for_process(const CredentialSeams& seams, const std::string& profile) {
  const auto line = seams.files.get(profile, "credential_process");
  if (!line) return NotHere{"the profile '" + profile + "' has no credential_process"};
  const auto command = split_command(*line);
  if (!command || command->empty()) return bad_process(profile, "is not a command: a quote is not closed");
  const auto output = seams.run(*command, {});
  if (!output) return tl::unexpected(output.error());
  if (output->exit_code != 0) {
    const std::string said = redact(printable(trim(output->error)));
    return bad_process(profile, "ended with " + std::to_string(output->exit_code) + (said.empty() ? "" : ": ") + said);
  }
  // The parser's own message would quote what it read, and that may be a secret.
  const auto json = parse_json(output->out, "output", {.bytes = 1u << 20, .depth = 8});
  if (!json || !json->is_object()) return bad_process(profile, "did not print JSON");
  if (json->value("Version", Json()) != 1) return bad_process(profile, "did not print Version 1");
  const auto credentials = keys_in(*json, {"SessionToken"});
  if (!credentials)
    return bad_process(profile, "printed no AccessKeyId and SecretAccessKey, or an Expiration that is no time");
  return *credentials;
}

}  // namespace smflow::aws
