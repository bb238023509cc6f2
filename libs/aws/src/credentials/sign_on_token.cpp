#include "credentials/sign_on_token.hpp"

#include "credentials/sources.hpp"

#include <smflow/aws/digest.hpp>
#include <smflow/aws/operations/sign_on.hpp>
#include <smflow/aws/timestamp.hpp>
#include <smflow/base/files.hpp>
#include <smflow/base/text.hpp>

namespace smflow::aws {

namespace {

constexpr std::chrono::minutes refresh_window{15};

struct CachedToken {
  Json file;
  std::string access_token;
  WallTime expires;
};

std::string member(const Json& json, const char* name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::optional<CachedToken> cached_token(const std::filesystem::path& file) {
  const auto text = read_file(file, 1u << 20);
  auto json = text ? parse_json(*text, "token", {.bytes = 1u << 20, .depth = 8}) : Result<Json>(Json());
  if (!json || !json->is_object()) return std::nullopt;
  const auto expires = parse_iso8601(member(*json, "expiresAt"));
  std::string token = member(*json, "accessToken");
  if (!expires || token.empty()) return std::nullopt;
  return CachedToken{*std::move(json), std::move(token), *expires};
}

bool can_refresh(const CachedToken& token, WallTime now) {
  const auto registered = parse_iso8601(member(token.file, "registrationExpiresAt"));
  return registered && *registered > now && !member(token.file, "refreshToken").empty() &&
         !member(token.file, "clientId").empty() && !member(token.file, "clientSecret").empty();
}

std::string without_fraction(WallTime time) {
  return format_utc(time).substr(0, 19) + "Z";
}

// What cannot be written back is fetched again the next time.
void keep(CachedToken& token, const RefreshedToken& fresh, const std::filesystem::path& file) {
  token.file["accessToken"] = token.access_token = fresh.access_token;
  token.file["expiresAt"] = without_fraction(token.expires);
  if (!fresh.refresh_token.empty()) token.file["refreshToken"] = fresh.refresh_token;
  (void)write_secret(file, token.file.dump(-1, ' ', false, Json::error_handler_t::replace));
}

}  // namespace

Error login_needed(const SignOn& login, const std::string& why) {
  return {.code = "E406",
          .exit = ExitCode::permission,
          .message = "the login of the profile '" + login.profile + "' cannot be used: " + why,
          .fix = "aws sso login --profile " + shell_quote(login.profile)};
}

Result<std::string> sign_on_token(const CredentialSeams& seams, const SignOn& login) {
  const auto file = seams.sso_cache / (sha1_digits(login.session.empty() ? login.start_url : login.session) + ".json");
  auto token = cached_token(file);
  if (!token) return tl::unexpected(login_needed(login, "there is none"));
  const WallTime now = seams.clock.now();
  if (!login.session.empty() && token->expires - now < refresh_window && can_refresh(*token, now)) {
    Client oidc = client_for(sso_oidc, seams, login.region, nullptr, login.profile);
    const auto fresh = create_token(oidc, {.client_id = member(token->file, "clientId"),
                                           .client_secret = member(token->file, "clientSecret"),
                                           .refresh_token = member(token->file, "refreshToken")});
    if (fresh) {
      token->expires = now + fresh->lifetime;
      keep(*token, *fresh, file);
    }
  }
  if (token->expires <= now) return tl::unexpected(login_needed(login, "it has expired"));
  return token->access_token;
}

}  // namespace smflow::aws
