#include "failure.hpp"
#include "message_stream.hpp"
#include "text_forms.hpp"

#include <smflow/docker/engine.hpp>

namespace smflow::docker {

Result<std::optional<std::string>> Engine::tar_of(const std::string& image, const std::string& path) const {
  // The command is never run: a container is the only way into an image.
  const Json wanted = {{"Image", image}, {"Cmd", {"none"}}, {"NetworkDisabled", true}};
  http::Request create = request("POST", "/containers/create");
  create.headers = {{"Content-Type", "application/json"}};
  create.body = http::body_of(wanted.dump(-1, ' ', false, Json::error_handler_t::replace));
  const auto created = expect(create, 201);
  if (!created) return tl::unexpected(created.error());
  const auto container = parse_json(created->body, "the engine's answer");
  if (!container || text_in(*container, "Id").empty())
    return tl::unexpected(not_understood("a container without an id"));
  const std::string place = "/containers/" + escape_path(text_in(*container, "Id"));
  const auto tar = send(request("GET", place + "/archive" + query({{"path", path}})));
  if (const auto removed = expect(request("DELETE", place), 204); !removed) return tl::unexpected(removed.error());
  if (!tar) return tl::unexpected(tar.error());
  if (tar->status == 404) return std::nullopt;
  if (tar->status != 200) return tl::unexpected(as_error(*tar));
  return tar->body;
}

}  // namespace smflow::docker
