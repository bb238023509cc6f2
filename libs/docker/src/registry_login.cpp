#include "message_stream.hpp"

#include <algorithm>
#include <filesystem>

#include <smflow/base/base64.hpp>
#include <smflow/base/files.hpp>
#include <smflow/base/text.hpp>
#include <smflow/docker/registry_login.hpp>

namespace smflow::docker {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t largest_config = 1u << 20;
constexpr const char* without_login = "credentials not found in native keychain";

Error bad_login(const fs::path& file) {
  return {.code = "E362",
          .exit = ExitCode::configuration,
          .message = "the login of the registry in '" + file.string() + "' is not understood",
          .fix = "sign in again: docker login"};
}

Error bad_helper(const std::string& program, const std::string& registry, const std::string& why) {
  return {.code = "E367",
          .exit = ExitCode::permission,
          .message = "'" + program + "' gives no login for '" + registry + "': " + printable(utf8_prefix(why, 512)),
          .fix = "sign in again: docker login " + shell_quote(registry) + "; or run it by hand: echo " +
                 shell_quote(registry) + " | " + shell_quote(program) + " get"};
}

fs::path config_file(const EnvironmentLookup& environment) {
  const auto folder = environment("DOCKER_CONFIG");
  if (folder && !folder->empty()) return fs::path(*folder) / "config.json";
  return fs::path(environment("HOME").value_or("/")) / ".docker/config.json";
}

// Docker Hub is older than the names of registries.
std::string docker_name_of(const std::string& registry) {
  const bool is_hub = registry.empty() || registry == "docker.io" || registry == "index.docker.io";
  return is_hub ? "https://index.docker.io/v1/" : registry;
}

// "host:5000" of "https://host:5000/v1/", as old clients wrote it.
std::string_view host_in(std::string_view name) {
  const std::size_t scheme = name.find("://");
  if (scheme != std::string_view::npos) name.remove_prefix(scheme + 3);
  return name.substr(0, name.find('/'));
}

const Json* entry_in(const Json& auths, const std::string& registry) {
  if (const auto exact = auths.find(registry); exact != auths.end()) return &*exact;
  for (const auto& [name, entry] : auths.items()) {
    if (host_in(name) == host_in(registry)) return &entry;
  }
  return nullptr;
}

// The name is a part of a program's name.
bool is_helper_name(std::string_view name) {
  return std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.';
  });
}

// Empty: none is responsible.
std::string helper_for(const Json& config, const std::string& registry) {
  const auto helpers = texts_in(config, "credHelpers");
  const auto found = helpers.find(registry);
  return found == helpers.end() ? text_in(config, "credsStore") : found->second;
}

class Helper {
 public:
  Helper(const std::string& name, const std::string& registry, const HelperRunner& run)
      : program_("docker-credential-" + name), registry_(registry), run_(run) {}

  Result<RegistryAuth> ask() const {
    const auto output = run_({program_, "get"}, {}, registry_);
    if (!output) return failure(output.error().message);
    if (output->exit_code != 0) {
      const std::string why(trim(output->out.empty() ? output->error : output->out));
      if (why.starts_with(without_login)) return RegistryAuth{.registry = registry_, .user = "", .password = ""};
      return failure(why.empty() ? "it ended with " + std::to_string(output->exit_code) : why);
    }
    return login_in(output->out);
  }

 private:
  Result<RegistryAuth> failure(const std::string& why) const {
    return tl::unexpected(bad_helper(program_, registry_, why));
  }

  // What is wrong with it is not shown: it holds a secret.
  Result<RegistryAuth> login_in(const std::string& answer) const {
    const auto json = parse_json(answer, "the login", {.bytes = largest_config, .depth = 8});
    if (!json) return failure("its answer is not understood");
    const RegistryAuth login{
        .registry = registry_, .user = text_in(*json, "Username"), .password = text_in(*json, "Secret")};
    if (login.user.empty()) return failure("its answer is not understood");
    if (login.user == "<token>") return failure("it has an identity token, which smflow cannot use");
    return login;
  }

  const std::string program_;
  const std::string& registry_;
  const HelperRunner& run_;
};

// {"auths": {HOST: {"auth": base64 of "user:password"}}}
Result<RegistryAuth> written_login(const Json& config, const fs::path& file, const std::string& registry) {
  RegistryAuth login{.registry = registry, .user = "", .password = ""};
  const Json auths = config.value("auths", Json::object());
  const Json* entry = auths.is_object() ? entry_in(auths, registry) : nullptr;
  // Beside a helper docker login leaves an empty entry.
  if (entry == nullptr || !entry->is_object() || !entry->contains("auth")) return login;
  const auto plain = from_base64(text_in(*entry, "auth"));
  const std::size_t colon = plain ? plain->find(':') : std::string::npos;
  if (colon == std::string::npos) return tl::unexpected(bad_login(file));
  login.user = plain->substr(0, colon);
  login.password = plain->substr(colon + 1);
  return login;
}

}  // namespace

Result<RegistryAuth> find_login(const std::string& host, const EnvironmentLookup& environment,
                                const HelperRunner& run) {
  const std::string registry = docker_name_of(host);
  const fs::path file = config_file(environment);
  std::error_code failed;
  if (!fs::exists(file, failed)) return RegistryAuth{.registry = registry, .user = "", .password = ""};
  const auto text = read_file(file, largest_config);
  if (!text) return tl::unexpected(text.error());
  const auto config = parse_json(*text, "the file of logins", {.bytes = largest_config, .depth = 16});
  if (!config || !config->is_object()) return tl::unexpected(bad_login(file));
  const std::string helper = helper_for(*config, registry);
  if (helper.empty()) return written_login(*config, file, registry);
  if (!is_helper_name(helper)) return tl::unexpected(bad_login(file));
  return Helper(helper, registry, run).ask();
}

}  // namespace smflow::docker
