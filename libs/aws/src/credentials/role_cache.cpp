#include "credentials/role_cache.hpp"

#include "credentials/sources.hpp"

#include <charconv>

#include <smflow/aws/digest.hpp>
#include <smflow/base/files.hpp>
#include <smflow/base/text.hpp>

namespace smflow::aws {

namespace fs = std::filesystem;

namespace {

constexpr std::chrono::minutes least_lifetime{15};

// botocore writes its times as "2024-01-15T13:00:00UTC".
void make_iso8601(Json& time) {
  if (!time.is_string()) return;
  std::string text = time.get<std::string>();
  if (text.ends_with("UTC")) time = text.substr(0, text.size() - 3) + "Z";
}

}  // namespace

std::string role_cache_name(const AssumeRoleInput& input, bool session_is_named) {
  std::vector<std::string> members;
  const auto add = [&](const char* name, const Json& value) {
    members.push_back("\"" + std::string(name) + "\": " + value.dump(-1, ' ', true, Json::error_handler_t::replace));
  };
  int seconds = 0;
  const char* const end = input.duration.data() + input.duration.size();
  if (std::from_chars(input.duration.data(), end, seconds).ptr == end && !input.duration.empty()) {
    add("DurationSeconds", seconds);
  }
  if (!input.external_id.empty()) add("ExternalId", input.external_id);
  add("RoleArn", input.role_arn);
  if (session_is_named) add("RoleSessionName", input.session_name);
  if (!input.mfa_serial.empty()) add("SerialNumber", input.mfa_serial);
  return sha1_digits("{" + join(members, ", ") + "}") + ".json";
}

std::optional<Credentials> cached_role(const fs::path& file, WallTime now) {
  const auto text = read_file(file, 1u << 20);
  const auto json = text ? parse_json(*text, "role", {.bytes = 1u << 20, .depth = 8}) : Result<Json>(Json());
  if (!json || !json->is_object()) return std::nullopt;
  Json keys = json->value("Credentials", Json());
  if (!keys.is_object()) return std::nullopt;
  if (keys.contains("Expiration")) make_iso8601(keys["Expiration"]);
  auto credentials = keys_in(keys, {"SessionToken"});
  const bool lasts = credentials && credentials->expires && *credentials->expires >= now + least_lifetime;
  return lasts ? credentials : std::nullopt;
}

Result<void> keep_role(const fs::path& file, const Credentials& credentials) {
  if (!credentials.expires) return {};
  std::error_code failed;
  fs::create_directories(file.parent_path(), failed);
  const Json json{{"Credentials",
                   {{"AccessKeyId", credentials.access_key_id},
                    {"SecretAccessKey", credentials.secret_access_key},
                    {"SessionToken", credentials.session_token},
                    {"Expiration", format_utc(*credentials.expires).substr(0, 19) + "Z"}}}};
  return write_secret(file, json.dump(-1, ' ', false, Json::error_handler_t::replace));
}

}  // namespace smflow::aws
