#include "credentials/metadata.hpp"
#include "credentials/sources.hpp"

#include <smflow/aws/encoding.hpp>
#include <smflow/base/text.hpp>

namespace smflow::aws {

namespace {

constexpr std::string_view role_path = "/latest/meta-data/iam/security-credentials/";

}  // namespace

Lookup look_at_instance(const CredentialSeams& seams) {
  if (metadata_is_disabled(seams.environment)) return NotHere{"AWS_EC2_METADATA_DISABLED is true"};
  auto metadata = Metadata::of(seams.environment, seams.transport);
  if (!metadata) return tl::unexpected(std::move(metadata).error());
  if (const std::string failed = metadata->open(); !failed.empty()) return NotHere{"no metadata service: " + failed};
  if (const std::string failed = metadata->get(std::string(role_path)); !failed.empty()) {
    return NotHere{"the instance has no role: " + failed};
  }
  const std::string role(trim(metadata->answer.substr(0, metadata->answer.find('\n'))));
  if (role.empty()) return NotHere{"the instance has no role"};
  const std::string failed = metadata->get(std::string(role_path) + percent_encode(role));
  if (!failed.empty()) return NotHere{"the role '" + printable(role) + "' has no keys: " + failed};
  const auto json = parse_json(metadata->answer, "the answer", {.bytes = 1u << 20, .depth = 8});
  const auto credentials = json ? keys_in(*json, {"Token"}) : std::nullopt;
  if (!credentials) return NotHere{"the role '" + printable(role) + "' has no keys"};
  return *credentials;
}

}  // namespace smflow::aws
