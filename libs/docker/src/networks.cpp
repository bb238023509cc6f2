#include "failure.hpp"
#include "message_stream.hpp"
#include "text_forms.hpp"

#include <smflow/base/json.hpp>
#include <smflow/docker/containers.hpp>

namespace smflow::docker {

Result<bool> Networks::create(const NetworkRequest& request) const {
  Json body{{"Name", request.name},
            {"Driver", "bridge"},
            {"Internal", request.internal},
            {"Labels", request.labels},
            {"IPAM", {{"Config", Json::array({{{"Subnet", request.subnet}}})}}}};
  if (request.mtu > 0) body["Options"] = {{"com.docker.network.driver.mtu", std::to_string(request.mtu)}};
  http::Request call = engine_.request("POST", "/networks/create");
  call.headers.push_back({"Content-Type", "application/json"});
  call.body = http::body_of(body.dump());
  const auto answer = engine_.send(call);
  if (!answer) return tl::unexpected(answer.error());
  if (answer->status == 201) return true;
  // Docker: "Pool overlaps with other one on this address space"; Podman: "subnet ... is already used".
  const Error error = as_error(*answer);
  const auto says = [&](const char* words) { return error.message.find(words) != std::string::npos; };
  const bool taken = says("overlap") || says("already used");
  return taken ? Result<bool>(false) : tl::unexpected(error);
}

Result<void> Networks::remove(const std::string& name) const {
  const auto answer = engine_.send(engine_.request("DELETE", "/networks/" + escape_path(name)));
  if (!answer) return tl::unexpected(answer.error());
  const bool gone = answer->status == 204 || answer->status == 200 || answer->status == 404;
  return gone ? Result<void>{} : tl::unexpected(as_error(*answer));
}

Result<std::vector<NetworkSummary>> Networks::list(const std::string& label) const {
  const std::string path = "/networks" + query({{"filters", Json{{"label", {label}}}.dump()}});
  const auto answer = engine_.expect(engine_.request("GET", path), 200);
  if (!answer) return tl::unexpected(answer.error());
  const auto json = parse_json(answer->body, "the engine's answer");
  if (!json) return tl::unexpected(not_understood(json.error().message));
  std::vector<NetworkSummary> found;
  for (const Json& network : *json) {
    if (!network.is_object()) continue;
    if (std::string name = text_in(network, "Name"); !name.empty()) {
      found.push_back({std::move(name), texts_in(network, "Labels")});
    }
  }
  return found;
}

}  // namespace smflow::docker
