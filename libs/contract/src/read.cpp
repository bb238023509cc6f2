#include <algorithm>

#include <smflow/base/text.hpp>
#include <smflow/contract/contract.hpp>

namespace smflow::contract {

namespace {

constexpr JsonLimits limits{.bytes = 16u << 20, .depth = 64};

constexpr const char* as_the_platform = "write it as the platform does";
constexpr const char* without_nul = "remove the NUL character";

Error bad_document(std::string_view code, std::string_view what, const std::string& why, std::string fix) {
  return {.code = std::string(code),
          .exit = ExitCode::configuration,
          .message = std::string(what) + ": " + why,
          .fix = std::move(fix)};
}

tl::unexpected<Error> wrong_type(std::string_view what, const std::string& member, const char* wanted,
                                 const Json& found, std::string fix = as_the_platform) {
  return tl::unexpected(bad_document(
      "E210", what, "'" + printable(member) + "' must be " + wanted + ", it is " + found.type_name(), std::move(fix)));
}

bool holds_nul(std::string_view text) {
  return text.find('\0') != std::string_view::npos;
}

// The document as an object; an empty one for `null` when `null_is_empty`.
Result<Json> parse_object(std::string_view text, std::string_view what, bool null_is_empty) {
  Result<Json> document = parse_json(text, what, limits);
  if (!document || document->is_object()) return document;
  if (document->is_null() && null_is_empty) return Json::object();
  return tl::unexpected(bad_document(
      "E210", what, std::string("must hold a JSON object, it holds ") + document->type_name(), as_the_platform));
}

// Leaves `target` as it is when the member is missing or null.
Result<void> read_text(const Json& object, const char* member, std::string_view what, std::string& target) {
  const auto found = object.find(member);
  if (found == object.end() || found->is_null()) return {};
  if (!found->is_string()) return wrong_type(what, member, "text", *found);
  target = found->get<std::string>();
  if (holds_nul(target)) {
    return tl::unexpected(
        bad_document("E211", what, std::string("'") + member + "' holds a NUL character", without_nul));
  }
  return {};
}

Result<void> read_hosts(const Json& object, std::string_view what, std::vector<std::string>& target) {
  const auto found = object.find("hosts");
  if (found == object.end() || found->is_null()) return {};
  if (!found->is_array()) return wrong_type(what, "hosts", "a list of host names", *found);
  for (const Json& host : *found) {
    if (!host.is_string()) return wrong_type(what, "hosts", "a list of host names", host);
    target.push_back(host.get<std::string>());
    if (target.back().empty() || holds_nul(target.back())) {
      return tl::unexpected(bad_document("E211", what, "'hosts' has a name that is empty or holds a NUL character",
                                         "name the hosts as the platform does: algo-1, algo-2"));
    }
  }
  return {};
}

Result<InstanceGroup> read_group(const Json& entry, std::string_view what) {
  if (!entry.is_object()) return wrong_type(what, "instance_groups", "a list of objects", entry);
  InstanceGroup group;
  return read_text(entry, "instance_group_name", what, group.name)
      .and_then([&] { return read_text(entry, "instance_type", what, group.instance_type); })
      .and_then([&] { return read_hosts(entry, what, group.hosts); })
      .map([&] { return group; });
}

Result<void> read_groups(const Json& object, std::string_view what, std::vector<InstanceGroup>& target) {
  const auto found = object.find("instance_groups");
  if (found == object.end() || found->is_null()) return {};
  if (!found->is_array()) return wrong_type(what, "instance_groups", "a list of objects", *found);
  for (const Json& entry : *found) {
    Result<InstanceGroup> group = read_group(entry, what);
    if (!group) return tl::unexpected(std::move(group).error());
    target.push_back(*std::move(group));
  }
  return {};
}

Result<void> check_hosts(const ResourceConfig& config, std::string_view what) {
  if (config.hosts.empty()) {
    return tl::unexpected(bad_document("E212", what, "'hosts' is missing or empty", "list the hosts of the job"));
  }
  if (std::find(config.hosts.begin(), config.hosts.end(), config.current_host) != config.hosts.end()) return {};
  return tl::unexpected(bad_document("E212", what,
                                     "'current_host' is '" + printable(config.current_host) +
                                         "', which is not one of the hosts " + printable(join(config.hosts, ", ")),
                                     "name one of them"));
}

}  // namespace

Result<ResourceConfig> parse_resource_config(std::string_view text, std::string_view what) {
  Result<Json> document = parse_object(text, what, false);
  if (!document) return tl::unexpected(std::move(document).error());
  ResourceConfig config;
  const Result<void> read =
      read_text(*document, "current_host", what, config.current_host)
          .and_then([&] { return read_text(*document, "current_instance_type", what, config.current_instance_type); })
          .and_then([&] { return read_text(*document, "current_group_name", what, config.current_group_name); })
          .and_then([&] { return read_text(*document, "network_interface_name", what, config.network_interface_name); })
          .and_then([&] { return read_hosts(*document, what, config.hosts); })
          .and_then([&] { return read_groups(*document, what, config.instance_groups); })
          .and_then([&] { return check_hosts(config, what); });
  if (!read) return tl::unexpected(read.error());
  std::sort(config.hosts.begin(), config.hosts.end());
  config.raw = *std::move(document);
  return config;
}

Result<Json> parse_input_data_config(std::string_view text, std::string_view what) {
  Result<Json> document = parse_object(text, what, true);
  if (!document) return document;
  for (const auto& [name, channel] : document->items()) {
    if (!is_channel_name(name)) {
      return tl::unexpected(bad_document("E211", what, "'" + printable(name) + "' cannot be the name of a channel",
                                         "use letters, digits, '-', '_' and '.'"));
    }
    if (!channel.is_object() && !channel.is_null()) return wrong_type(what, name, "an object", channel);
  }
  return document;
}

Result<Hyperparameters> parse_hyperparameters(std::string_view text, std::string_view what) {
  const Result<Json> document = parse_object(text, what, true);
  if (!document) return tl::unexpected(document.error());
  Hyperparameters hyperparameters;
  for (const auto& [name, value] : document->items()) {
    if (!value.is_string()) {
      return wrong_type(what, name, "text", value, "put the value in quotes, as the platform does: \"5\"");
    }
    const auto& raw = value.get_ref<const std::string&>();
    if (holds_nul(name) || holds_nul(raw)) {
      return tl::unexpected(bad_document(
          "E211", what,
          "the hyperparameter '" + printable(name) + "' holds a NUL character, which no variable can carry",
          without_nul));
    }
    hyperparameters[name] = raw;
  }
  return hyperparameters;
}

bool is_channel_name(std::string_view name) {
  static constexpr std::string_view allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";
  return !name.empty() && name != "." && name != ".." && name.size() <= 255 &&
         name.find_first_not_of(allowed) == std::string_view::npos;
}

}  // namespace smflow::contract
