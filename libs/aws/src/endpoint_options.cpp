#include <smflow/aws/endpoint.hpp>
#include <smflow/aws/partition.hpp>
#include <smflow/base/text.hpp>

namespace smflow::aws {

namespace {

// The first that says something: the variable, or the key of the profile.
bool is_on(const char* variable, const std::string& key, const IniValues& profile,
           const EnvironmentLookup& environment) {
  auto value = nonempty(environment, variable);
  if (!value) value = text_of(profile, key);
  return value && to_upper(*value) == "TRUE";
}

std::optional<std::string> nested_of(const IniValues& values, const std::string& key, const std::string& inner) {
  const auto outer = values.find(key);
  if (outer == values.end()) return std::nullopt;
  const auto found = outer->second.nested.find(inner);
  if (found == outer->second.nested.end() || found->second.empty()) return std::nullopt;
  return found->second;
}

std::optional<std::string> url_of_services_section(const Service& service, const ProfileFiles& files,
                                                   const IniValues& profile) {
  const auto section = text_of(profile, "services");
  const auto found = section ? files.services.find(*section) : files.services.end();
  if (found == files.services.end()) return std::nullopt;
  return nested_of(found->second, std::string(service.id), "endpoint_url");
}

std::string configured_url(const Service& service, const ProfileFiles& files, const IniValues& profile,
                           const EnvironmentLookup& environment) {
  const std::string variable = "AWS_ENDPOINT_URL_" + to_upper(service.id);
  if (auto url = nonempty(environment, variable.c_str())) return *url;
  if (auto url = nonempty(environment, "AWS_ENDPOINT_URL")) return *url;
  if (auto url = url_of_services_section(service, files, profile)) return *url;
  return text_of(profile, "endpoint_url").value_or("");
}

Result<Addressing> addressing_of(const IniValues& profile) {
  const std::string style = nested_of(profile, "s3", "addressing_style").value_or("auto");
  if (style == "auto") return Addressing::automatic;
  if (style == "path") return Addressing::path;
  if (style == "virtual") return Addressing::virtual_host;
  return tl::unexpected(Error{.code = "E412",
                              .exit = ExitCode::configuration,
                              .message = "the profile's s3 addressing_style is '" + printable(style) + "'",
                              .fix = "write auto, path or virtual"});
}

}  // namespace

Result<EndpointOptions> endpoint_options(const Service& service, const ProfileFiles& files, const std::string& profile,
                                         const EnvironmentLookup& environment, const std::string& url) {
  const IniValues values = files.merged(profile);
  EndpointOptions options{.url = url};
  const bool ignored =
      is_on("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "ignore_configured_endpoint_urls", values, environment);
  if (url.empty() && !ignored) options.url = configured_url(service, files, values, environment);
  options.fips = is_on("AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint", values, environment);
  options.dual_stack = is_on("AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint", values, environment);
  const auto addressing = addressing_of(values);
  if (!addressing) return tl::unexpected(addressing.error());
  options.addressing = *addressing;
  return options;
}

Result<std::optional<RegionChoice>> choose_region(const std::string& option, const ProfileFiles& files,
                                                  const std::string& profile, const EnvironmentLookup& environment) {
  RegionChoice choice{option, "the option or the config"};
  for (const char* variable : {"AWS_REGION", "AWS_DEFAULT_REGION"}) {
    if (choice.name.empty()) choice = {nonempty(environment, variable).value_or(""), variable};
  }
  if (choice.name.empty()) choice = {files.get(profile, "region").value_or(""), "the profile"};
  if (choice.name.empty()) return std::nullopt;
  if (auto valid = check_region(choice.name); !valid) return tl::unexpected(std::move(valid).error());
  return choice;
}

}  // namespace smflow::aws
