#include "expand_home.hpp"

#include <smflow/aws/profile.hpp>
#include <smflow/base/files.hpp>
#include <smflow/base/text.hpp>

namespace smflow::aws {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t largest_file = 1u << 20;

void merge_into(IniValues& values, const IniValues& more) {
  for (const auto& [key, value] : more) values.insert_or_assign(key, value);
}

// The name after `kind`, without quotes: "x" of [profile x] and of [profile "x"]; none for a section of another kind.
std::optional<std::string> name_after(std::string_view section, std::string_view kind) {
  if (!section.starts_with(kind) || section.size() <= kind.size()) return std::nullopt;
  std::string_view name = section.substr(kind.size());
  if (name.front() != ' ' && name.front() != '\t') return std::nullopt;
  name = trim(name);
  const bool quoted = name.size() >= 2 && (name.front() == '"' || name.front() == '\'') && name.back() == name.front();
  return std::string(quoted ? name.substr(1, name.size() - 2) : name);
}

Result<std::vector<IniSection>> read_sections(const fs::path& file) {
  std::error_code failed;
  const bool there = fs::exists(file, failed);
  // AWS_CONFIG_FILE=/dev/null is how one asks for none.
  if (file.empty() || file == "/dev/null" || (!there && !failed)) return std::vector<IniSection>{};
  auto text = read_file(file, largest_file);
  if (!text) {
    return tl::unexpected(Error{.code = "E403",
                                .exit = ExitCode::configuration,
                                .message = std::move(text).error().message,
                                .fix = "correct the file, or its permissions"});
  }
  return parse_ini(*text, file.string());
}

void sort_config(ProfileFiles& files, const std::vector<IniSection>& sections) {
  IniValues plain_default;
  for (const IniSection& section : sections) {
    if (section.name == "default") merge_into(plain_default, section.values);
    if (const auto name = name_after(section.name, "profile")) {
      merge_into(files.config_profiles[*name], section.values);
    } else if (const auto session = name_after(section.name, "sso-session")) {
      merge_into(files.sso_sessions[*session], section.values);
    } else if (const auto services = name_after(section.name, "services")) {
      merge_into(files.services[*services], section.values);
    } else if (section.name == "default") {
      files.config_profiles.try_emplace("default");
    }
  }
  if (!plain_default.empty()) files.config_profiles["default"].merge(plain_default);
}

}  // namespace

std::optional<std::string> text_of(const IniValues& values, const std::string& key) {
  const auto found = values.find(key);
  if (found == values.end() || found->second.text.empty()) return std::nullopt;
  return found->second.text;
}

bool ProfileFiles::has(const std::string& profile) const {
  return config_profiles.contains(profile) || credential_profiles.contains(profile);
}

IniValues ProfileFiles::merged(const std::string& profile) const {
  IniValues values;
  for (const IniSections* sections : {&config_profiles, &credential_profiles}) {
    const auto found = sections->find(profile);
    if (found != sections->end()) merge_into(values, found->second);
  }
  return values;
}

std::optional<std::string> ProfileFiles::get(const std::string& profile, const std::string& key) const {
  return text_of(merged(profile), key);
}

Result<ProfileFiles> read_profile_files(const fs::path& config, const fs::path& credentials) {
  ProfileFiles files;
  const auto config_sections = read_sections(config);
  if (!config_sections) return tl::unexpected(config_sections.error());
  sort_config(files, *config_sections);
  const auto credential_sections = read_sections(credentials);
  if (!credential_sections) return tl::unexpected(credential_sections.error());
  for (const IniSection& section : *credential_sections) {
    merge_into(files.credential_profiles[section.name], section.values);
  }
  return files;
}

fs::path expand_home(const std::string& path, const EnvironmentLookup& environment) {
  if (path != "~" && !path.starts_with("~/")) return path;
  const auto home = nonempty(environment, "HOME");
  return home ? fs::path(*home + path.substr(1)) : fs::path();
}

fs::path config_file_path(const EnvironmentLookup& environment) {
  return expand_home(nonempty(environment, "AWS_CONFIG_FILE").value_or("~/.aws/config"), environment);
}

fs::path credentials_file_path(const EnvironmentLookup& environment) {
  return expand_home(nonempty(environment, "AWS_SHARED_CREDENTIALS_FILE").value_or("~/.aws/credentials"), environment);
}

Result<ProfileChoice> choose_profile(const ProfileFiles& files, const std::string& option,
                                     const EnvironmentLookup& environment) {
  ProfileChoice choice{option, !option.empty()};
  for (const char* variable : {"AWS_PROFILE", "AWS_DEFAULT_PROFILE"}) {
    if (choice.name.empty()) choice.name = nonempty(environment, variable).value_or("");
  }
  if (choice.name.empty()) return ProfileChoice{"default", false};
  if (files.has(choice.name) || choice.name == "default") return choice;
  std::vector<std::string> names;
  for (const auto& [name, values] : files.config_profiles) names.push_back(name);
  for (const auto& [name, values] : files.credential_profiles) names.push_back(name);
  const std::string near = nearest(choice.name, names);
  return tl::unexpected(
      Error{.code = "E402",
            .exit = ExitCode::configuration,
            .message = "there is no AWS profile '" + choice.name + "'",
            .fix = near.empty() ? "write it into ~/.aws/config: aws configure --profile " + shell_quote(choice.name)
                                : "did you mean '" + near + "'?"});
}

std::optional<std::string> nonempty(const EnvironmentLookup& environment, const char* name) {
  auto value = environment(name);
  if (value && value->empty()) value.reset();
  return value;
}

std::optional<std::string> find_setting(const ProfileFiles& files, const std::string& profile,
                                        const EnvironmentLookup& environment, const SettingNames& names) {
  auto text = nonempty(environment, names.variable);
  return text ? text : files.get(profile, names.key);
}

}  // namespace smflow::aws
