#include "failure.hpp"
#include "message_stream.hpp"
#include "text_forms.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <smflow/base/base64.hpp>
#include <smflow/base/timestamp.hpp>
#include <smflow/docker/containers.hpp>
#include <smflow/docker/log_frames.hpp>

namespace smflow::docker {

namespace {

std::string container_path(const std::string& id, const char* call) {
  return "/containers/" + escape_path(id) + call;
}

http::Request with_json(http::Request call, const Json& body) {
  call.headers.push_back({"Content-Type", "application/json"});
  call.body = http::body_of(body.dump(-1, ' ', false, Json::error_handler_t::replace));
  return call;
}

Json pairs(const std::map<std::string, std::string>& members, const char* between) {
  Json list = Json::array();
  for (const auto& [name, value] : members) list.push_back(name + between + value);
  return list;
}

std::string port_name(int port) {
  return std::to_string(port) + "/tcp";
}

Json mounts_of(const ContainerRequest& request) {
  Json mounts = Json::array();
  for (const Mount& mount : request.mounts) {
    mounts.push_back({{"Type", "bind"},
                      {"Source", mount.source.string()},
                      {"Target", mount.target.string()},
                      {"ReadOnly", mount.read_only}});
  }
  for (const std::filesystem::path& folder : request.own_folders) {
    mounts.push_back({{"Type", "volume"}, {"Target", folder.string()}, {"VolumeOptions", {{"NoCopy", true}}}});
  }
  return mounts;
}

// Podman knows GPUs by the names of the Container Device Interface only.
Json all_gpus(bool podman) {
  if (podman) return {{"Driver", "cdi"}, {"DeviceIDs", {"nvidia.com/gpu=all"}}};
  return {{"Driver", ""}, {"Count", -1}, {"Capabilities", {{"gpu"}}}};
}

Json host_config(const ContainerRequest& request, bool podman) {
  // A driver that keeps everything and can be read back, whatever the engine's default is.
  Json config{{"Mounts", mounts_of(request)}, {"LogConfig", {{"Type", "json-file"}}}};
  if (request.shared_memory > 0) config["ShmSize"] = request.shared_memory;
  if (request.memory > 0) {
    config["Memory"] = request.memory;
    config["MemorySwap"] = request.memory;
  }
  if (request.cpus > 0) config["NanoCpus"] = static_cast<std::int64_t>(std::llround(request.cpus * 1e9));
  for (const auto& [name, value] : request.limits) {
    config["Ulimits"].push_back({{"Name", name}, {"Soft", value}, {"Hard", value}});
  }
  if (request.all_gpus) config["DeviceRequests"] = Json::array({all_gpus(podman)});
  if (!request.network.empty()) config["NetworkMode"] = request.network;
  if (!request.hosts.empty()) config["ExtraHosts"] = pairs(request.hosts, ":");
  if (!request.capabilities.empty()) config["CapAdd"] = request.capabilities;
  for (const int port : request.published) {
    config["PortBindings"][port_name(port)] = Json::array({{{"HostIp", "127.0.0.1"}, {"HostPort", ""}}});
  }
  return config;
}

Json create_body(const ContainerRequest& request, bool podman) {
  Json body{{"Image", request.image},
            {"Env", pairs(request.environment, "=")},
            {"Labels", request.labels},
            {"HostConfig", host_config(request, podman)}};
  if (request.terminal) body.update({{"Tty", true}, {"OpenStdin", true}});
  for (const int port : request.published) body["ExposedPorts"][port_name(port)] = Json::object();
  if (!request.command.empty()) body["Cmd"] = request.command;
  if (!request.hostname.empty()) body["Hostname"] = request.hostname;
  if (!request.address.empty()) {
    const Json endpoint{{"Aliases", {request.hostname}}, {"IPAMConfig", {{"IPv4Address", request.address}}}};
    body["NetworkingConfig"] = {{"EndpointsConfig", {{request.network, endpoint}}}};
  }
  return body;
}

Result<Json> json_of(const http::Response& response) {
  auto json = parse_json(response.body, "the engine's answer");
  if (!json) return tl::unexpected(not_understood(json.error().message));
  return json;
}

constexpr const char* describe_gpus =
    "describe them to Podman (nvidia-ctk cdi generate --output=/etc/cdi/nvidia.yaml), or use Docker";

Error no_gpus(const std::string& why, const std::string& fix) {
  return {.code = "E365",
          .exit = ExitCode::machine,
          .message = "the container engine gives no GPUs: " + why,
          .fix = fix + ", or set SAGEMAKER.INSTANCE_TYPE to local"};
}

Error no_program(const std::string& why) {
  return {.code = "E366",
          .exit = ExitCode::configuration,
          .message = "the image has no entrypoint for training: " + why,
          .fix = "build it with smflow build, which puts the program 'train' into it"};
}

bool holds(const std::string& text, const char* part) {
  return text.find(part) != std::string::npos;
}

// Only the words of the engine tell these apart.
Error start_error(Error error) {
  if (holds(error.message, "could not select device driver") || holds(error.message, "nvidia-container")) {
    return no_gpus(error.message, "install the NVIDIA Container Toolkit for it");
  }
  if (holds(error.message, "CDI device")) return no_gpus(error.message, describe_gpus);
  if (holds(error.message, "executable file not found") || holds(error.message, "no such file or directory")) {
    return no_program(error.message);
  }
  return error;
}

bool flag_in(const Json& object, const char* member) {
  const auto found = object.find(member);
  return found != object.end() && found->is_boolean() && found->get<bool>();
}

// Of its network; a container of ours is in one only.
std::string address_in(const Json& container) {
  const Json networks = container.value("/NetworkSettings/Networks"_json_pointer, Json::object());
  for (const Json& network : networks) {
    if (network.is_object()) return text_in(network, "IPAddress");
  }
  return {};
}

int number_of(std::string_view digits) {
  int number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return number;
}

// {"5678/tcp": [{"HostIp": "127.0.0.1", "HostPort": "49153"}]}
std::map<int, int> ports_in(const Json& container) {
  std::map<int, int> ports;
  const Json bindings = container.value("/NetworkSettings/Ports"_json_pointer, Json::object());
  for (const auto& [name, places] : bindings.items()) {
    if (places.is_array() && !places.empty()) ports[number_of(name)] = number_of(text_in(places.front(), "HostPort"));
  }
  return ports;
}

ContainerSummary summary_of(const Json& container) {
  ContainerSummary summary{.id = text_in(container, "Id"),
                           .image = text_in(container, "Image"),
                           .state = text_in(container, "State"),
                           .labels = texts_in(container, "Labels")};
  for (const Json& name : container.value("Names", Json::array())) {
    if (name.is_string()) summary.names.push_back(name.get<std::string>());
  }
  return summary;
}

}  // namespace

Result<std::string> Containers::create(const ContainerRequest& request) const {
  const std::string path = "/containers/create" + query({{"name", request.name}});
  const auto answer =
      engine_.send(with_json(engine_.request("POST", path), create_body(request, engine_.version().podman)));
  if (!answer) return tl::unexpected(answer.error());
  if (answer->status == 404) return tl::unexpected(no_image(request.image, as_error(*answer).message));
  if (answer->status != 201) return tl::unexpected(start_error(as_error(*answer)));
  const auto json = json_of(*answer);
  if (!json) return tl::unexpected(json.error());
  std::string id = json->is_object() ? text_in(*json, "Id") : "";
  if (id.empty()) return tl::unexpected(not_understood("a container without an id"));
  return id;
}

Result<void> Containers::start(const std::string& id) const {
  const auto answer = engine_.expect(engine_.request("POST", container_path(id, "/start")), 204);
  if (!answer) return tl::unexpected(start_error(answer.error()));
  return {};
}

Result<void> Containers::check_gpus(const std::string& id) const {
  if (!engine_.version().podman) return {};
  // That of Linux, and of its subsystem in Windows.
  for (const char* device : {"/dev/nvidiactl", "/dev/dxg"}) {
    const auto there = changed(id, device);
    if (!there) return tl::unexpected(there.error());
    if (*there) return {};
  }
  const auto state = inspect(id);
  if (state && !state->running) return {};
  return tl::unexpected(
      no_gpus("Podman " + engine_.version().engine + " has started the container without any", describe_gpus));
}

Result<void> Containers::signal(const std::string& id, const std::string& name) const {
  const auto answer = engine_.send(engine_.request("POST", container_path(id, "/kill") + query({{"signal", name}})));
  if (!answer) return tl::unexpected(answer.error());
  const bool gone = answer->status == 409 || answer->status == 404;
  return answer->status == 204 || gone ? Result<void>{} : tl::unexpected(as_error(*answer));
}

Result<ContainerState> Containers::inspect(const std::string& id) const {
  const auto answer = engine_.expect(engine_.request("GET", container_path(id, "/json")), 200);
  if (!answer) return tl::unexpected(answer.error());
  const auto json = json_of(*answer);
  if (!json) return tl::unexpected(json.error());
  if (!json->is_object() || !json->contains("State") || !(*json)["State"].is_object()) {
    return tl::unexpected(not_understood("a container without a state"));
  }
  const Json& state = (*json)["State"];
  return ContainerState{.running = flag_in(state, "Running"),
                        .process = static_cast<int>(number_in(state, "Pid")),
                        .exit_code = static_cast<int>(number_in(state, "ExitCode")),
                        .out_of_memory = flag_in(state, "OOMKilled"),
                        .error = text_in(state, "Error"),
                        .address = address_in(*json),
                        .published = ports_in(*json)};
}

Result<int> Containers::wait(const std::string& id, std::stop_token cancel) const {
  http::Request call = engine_.request("POST", container_path(id, "/wait"));
  call.cancel = std::move(cancel);
  const auto answer = engine_.expect(call, 200);
  if (!answer) return tl::unexpected(answer.error());
  const auto json = json_of(*answer);
  if (!json) return tl::unexpected(json.error());
  if (!json->is_object() || !json->contains("StatusCode")) return tl::unexpected(not_understood("no exit code"));
  return static_cast<int>(number_in(*json, "StatusCode"));
}

Result<void> Containers::follow_log(const std::string& id, const ByteSink& sink, std::stop_token cancel,
                                    bool terminal) const {
  const LogFrames::Sink both = [&](OutputStream, std::span<const std::byte> bytes) { return sink(bytes); };
  LogFrames frames(both);
  http::Request call = engine_.request("GET", container_path(id, "/logs?follow=1&stdout=1&stderr=1"));
  call.sink = [&](std::span<const std::byte> piece) { return terminal ? sink(piece) : frames.feed(piece); };
  call.cancel = std::move(cancel);
  return engine_.expect(call, 200).map([](const auto&) {});
}

Result<void> Containers::remove(const std::string& id) const {
  const auto answer = engine_.send(engine_.request("DELETE", container_path(id, "?force=1&v=1")));
  if (!answer) return tl::unexpected(answer.error());
  // 409: somebody removes it already.
  const bool gone = answer->status == 204 || answer->status == 404 || answer->status == 409;
  return gone ? Result<void>{} : tl::unexpected(as_error(*answer));
}

std::string ContainerSummary::shown_name() const {
  const bool named = !names.empty() && names.front().starts_with('/');
  return named ? names.front().substr(1) : id;
}

Result<std::vector<ContainerSummary>> Containers::list(const std::vector<std::string>& labels) const {
  const std::string filters = Json{{"label", labels}}.dump();
  const std::string path = "/containers/json" + query({{"all", "1"}, {"filters", filters}});
  const auto answer = engine_.expect(engine_.request("GET", path), 200);
  if (!answer) return tl::unexpected(answer.error());
  const auto json = json_of(*answer);
  if (!json) return tl::unexpected(json.error());
  std::vector<ContainerSummary> found;
  for (const Json& container : *json) {
    if (container.is_object()) found.push_back(summary_of(container));
  }
  return found;
}

Result<bool> Containers::copy_out(const std::string& id, const std::string& path, const ByteSink& sink) const {
  http::Request call = engine_.request("GET", container_path(id, "/archive") + query({{"path", path}}));
  call.sink = sink;
  const auto answer = engine_.send(call);
  if (!answer) return tl::unexpected(answer.error());
  if (answer->status == 404) return false;
  if (answer->status != 200) return tl::unexpected(as_error(*answer));
  return true;
}

Result<std::optional<WallTime>> Containers::changed(const std::string& id, const std::string& path) const {
  const auto answer = engine_.send(engine_.request("HEAD", container_path(id, "/archive") + query({{"path", path}})));
  if (!answer) return tl::unexpected(answer.error());
  if (answer->status == 404) return std::nullopt;
  if (answer->status != 200) return tl::unexpected(as_error(*answer));
  std::string stat(http::find_header(answer->headers, "X-Docker-Container-Path-Stat").value_or(""));
  // Podman writes it as in a URL.
  std::ranges::replace(stat, '-', '+');
  std::ranges::replace(stat, '_', '/');
  const auto json = parse_json(from_base64(stat).value_or(""), "the engine's answer");
  const auto time = json ? parse_iso8601(text_in(*json, "mtime")) : std::nullopt;
  if (!time) return tl::unexpected(not_understood("a file without a time"));
  return time;
}

Result<void> Containers::copy_in(const std::string& id, const std::string& path,
                                 std::shared_ptr<const http::BodySource> tar) const {
  http::Request call = engine_.request("PUT", container_path(id, "/archive") + query({{"path", path}}));
  call.headers.push_back({"Content-Type", "application/x-tar"});
  call.body = std::move(tar);
  return engine_.expect(call, 200).map([](const auto&) {});
}

}  // namespace smflow::docker
