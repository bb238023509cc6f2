#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include <smflow/aws/ini.hpp>
#include <smflow/base/terminal.hpp>

namespace smflow::aws {

using IniValues = std::map<std::string, IniValue>;
using IniSections = std::map<std::string, IniValues>;

// The value of a key, or none; an empty value counts as none.
std::optional<std::string> text_of(const IniValues& values, const std::string& key);

// What ~/.aws/config and ~/.aws/credentials say, by name.
struct ProfileFiles {
  IniSections config_profiles = {};      // [default] and [profile x]
  IniSections credential_profiles = {};  // every section of the credentials file
  IniSections sso_sessions = {};
  IniSections services = {};

  bool has(const std::string& profile) const;
  // Both files together; the credentials file wins.
  IniValues merged(const std::string& profile) const;
  std::optional<std::string> get(const std::string& profile, const std::string& key) const;
};

// A file that is not there is empty; one that cannot be read or understood is E403.
Result<ProfileFiles> read_profile_files(const std::filesystem::path& config, const std::filesystem::path& credentials);

// AWS_CONFIG_FILE, else ~/.aws/config; AWS_SHARED_CREDENTIALS_FILE, else ~/.aws/credentials. A leading "~" is $HOME.
std::filesystem::path config_file_path(const EnvironmentLookup& environment);
std::filesystem::path credentials_file_path(const EnvironmentLookup& environment);

// Which profile is used, and whether the user asked for it by option: only then the keys of the environment step back.
struct ProfileChoice {
  std::string name;
  bool by_option = false;
};
// `option` when it is not empty, AWS_PROFILE, AWS_DEFAULT_PROFILE, "default". E402 when it was named and is in no file.
Result<ProfileChoice> choose_profile(const ProfileFiles& files, const std::string& option,
                                     const EnvironmentLookup& environment);

// The environment's value, none when it is empty.
std::optional<std::string> nonempty(const EnvironmentLookup& environment, const char* name);

// A setting that has a variable and a key of the profile: the variable goes before the key.
struct SettingNames {
  const char* variable;
  const char* key;
};
std::optional<std::string> find_setting(const ProfileFiles& files, const std::string& profile,
                                        const EnvironmentLookup& environment, const SettingNames& names);

}  // namespace smflow::aws
