#include <filesystem>

#include <smflow/base/files.hpp>
#include <smflow/base/own_secrets.hpp>
#include <smflow/base/text.hpp>

namespace smflow {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t shortest = 16;
constexpr std::uintmax_t largest_file = 1u << 20;

void add_from_file(const fs::path& file, std::vector<std::string>& secrets) {
  const auto content = read_file(file, largest_file);
  if (!content) return;
  for (const std::string& line : split(*content, '\n')) {
    const std::size_t equals = line.find('=');
    if (equals == std::string::npos) continue;
    const std::string name = to_upper(trim(std::string_view(line).substr(0, equals)));
    if (name == "AWS_SECRET_ACCESS_KEY" || name == "AWS_SESSION_TOKEN") {
      secrets.emplace_back(trim(std::string_view(line).substr(equals + 1)));
    }
  }
}

}  // namespace

std::vector<std::string> own_aws_secrets(const EnvironmentLookup& environment) {
  std::vector<std::string> secrets;
  for (const char* name : {"AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"}) {
    if (auto value = environment(name)) secrets.push_back(*std::move(value));
  }
  const fs::path home = environment("HOME").value_or("");
  for (const auto& [variable, usual] :
       {std::pair{"AWS_SHARED_CREDENTIALS_FILE", "credentials"}, {"AWS_CONFIG_FILE", "config"}}) {
    const std::string named = environment(variable).value_or("");
    if (!named.empty()) {
      add_from_file(named, secrets);
    } else if (home.is_absolute()) {
      add_from_file(home / ".aws" / usual, secrets);
    }
  }
  std::erase_if(secrets, [](const std::string& secret) { return secret.size() < shortest; });
  return secrets;
}

}  // namespace smflow
