#include "sandbox_spec.hpp"

#include <smflow/base/json.hpp>

namespace smflow::engine {

namespace {

Json to_json(const HostSpec& host) {
  Json binds = Json::array();
  for (const Bind& bind : host.binds) binds.push_back({bind.source.string(), bind.target.string(), bind.read_only});
  return {host.name, host.folder.string(), host.code.string(), host.environment, binds};
}

HostSpec host_from_json(const Json& json) {
  HostSpec host{.name = json.at(0).get<std::string>(),
                .folder = json.at(1).get<std::string>(),
                .code = json.at(2).get<std::string>(),
                .environment = json.at(3).get<std::map<std::string, std::string>>()};
  for (const Json& bind : json.at(4)) {
    host.binds.push_back({bind.at(0).get<std::string>(), bind.at(1).get<std::string>(), bind.at(2).get<bool>()});
  }
  return host;
}

Json to_json(const SandboxSpec& spec) {
  Json hosts = Json::array();
  for (const HostSpec& host : spec.hosts) hosts.push_back(to_json(host));
  Json owner = nullptr;
  if (spec.owner) owner = {spec.owner->user, spec.owner->group};
  return {{"isolation", spec.isolation},
          {"network", spec.network},
          {"read_only_system", spec.read_only_system},
          {"shared_memory_bytes", spec.shared_memory_bytes},
          {"owner", owner},
          {"max_run_time", spec.max_run_time.count()},
          {"stop_grace", spec.stop_grace.count()},
          {"entrypoint", spec.entrypoint.string()},
          {"hosts", hosts}};
}

SandboxSpec from_json(const Json& json) {
  SandboxSpec spec;
  spec.isolation = json.at("isolation").get<Isolation>();
  spec.network = json.at("network").get<Network>();
  spec.read_only_system = json.at("read_only_system").get<bool>();
  spec.shared_memory_bytes = json.at("shared_memory_bytes").get<std::uint64_t>();
  if (const Json& owner = json.at("owner"); !owner.is_null()) {
    spec.owner = Owner{owner.at(0).get<uid_t>(), owner.at(1).get<gid_t>()};
  }
  spec.max_run_time = std::chrono::milliseconds(json.at("max_run_time").get<std::int64_t>());
  spec.stop_grace = std::chrono::milliseconds(json.at("stop_grace").get<std::int64_t>());
  spec.entrypoint = json.at("entrypoint").get<std::string>();
  for (const Json& host : json.at("hosts")) spec.hosts.push_back(host_from_json(host));
  return spec;
}

}  // namespace

// CBOR and not text: paths and variables need not be UTF-8.
std::string encode(const SandboxSpec& spec) {
  std::string bytes;
  Json::to_cbor(to_json(spec), bytes);
  return bytes;
}

Result<SandboxSpec> decode(std::string_view bytes) {
  try {
    return from_json(Json::from_cbor(bytes));
  } catch (const Json::exception& failed) {
    return tl::unexpected(Error{.code = "E109",
                                .message = std::string("the sandbox cannot read its orders: ") + failed.what(),
                                .fix = "report it: this is a bug of smflow"});
  }
}

}  // namespace smflow::engine
