#include "failure.hpp"
#include "message_stream.hpp"
#include "push_failure.hpp"
#include "text_forms.hpp"
#include "work_log.hpp"

#include <smflow/base/base64.hpp>
#include <smflow/base/text.hpp>
#include <smflow/docker/engine.hpp>

namespace smflow::docker {

namespace {

std::vector<std::string> list_in(const Json& object, const char* member) {
  std::vector<std::string> texts;
  const auto found = object.find(member);
  if (found == object.end() || !found->is_array()) return texts;
  for (const Json& entry : *found) {
    if (entry.is_string()) texts.push_back(entry.get<std::string>());
  }
  return texts;
}

std::map<std::string, std::string> environment_in(const Json& config) {
  std::map<std::string, std::string> variables;
  for (const std::string& text : list_in(config, "Env")) {
    const std::size_t equals = text.find('=');
    if (equals != std::string::npos) variables[text.substr(0, equals)] = text.substr(equals + 1);
  }
  return variables;
}

ImageInfo image_info(const Json& image) {
  const Json config = image.is_object() ? image.value("Config", Json()) : Json();
  return {.id = text_in(image, "Id"),
          .tags = list_in(image, "RepoTags"),
          .digests = list_in(image, "RepoDigests"),
          .labels = texts_in(config, "Labels"),
          .environment = environment_in(config),
          .os = text_in(image, "Os"),
          .architecture = text_in(image, "Architecture"),
          .size = number_in(image, "Size")};
}

OrderedJson as_json(const RegistryAuth& auth) {
  return {{"username", auth.user}, {"password", auth.password}, {"serveraddress", auth.registry}};
}

// Bytes that are no UTF-8, of a file or a command line, must not end the command.
template <class AnyJson>
std::string text_of(const AnyJson& json) {
  return json.dump(-1, ' ', false, AnyJson::error_handler_t::replace);
}

// The engine's X-Registry headers take base64 as in a URL.
std::string auth_header(const RegistryAuth& auth) {
  return to_base64(auth.user.empty() ? "{}" : text_of(as_json(auth)), Base64::for_urls);
}

std::string json_text(const std::map<std::string, std::string>& members) {
  return members.empty() ? "" : text_of(Json(members));
}

std::string build_query(const BuildRequest& request) {
  std::multimap<std::string, std::string> members = {{"version", request.buildkit ? "2" : "1"},
                                                     {"rm", "1"},
                                                     {"forcerm", "1"},
                                                     {"dockerfile", request.dockerfile},
                                                     {"platform", request.platform},
                                                     {"buildargs", json_text(request.arguments)},
                                                     {"labels", json_text(request.labels)}};
  for (const std::string& tag : request.tags) members.emplace("t", tag);
  return query(members);
}

}  // namespace

Result<std::optional<ImageInfo>> Engine::inspect_image(const std::string& name) const {
  const auto answer = send(request("GET", "/images/" + escape_path(name) + "/json"));
  if (!answer) return tl::unexpected(answer.error());
  if (answer->status == 404) return std::nullopt;
  if (answer->status != 200) return tl::unexpected(as_error(*answer));
  const auto image = parse_json(answer->body, "the engine's answer");
  if (!image) return tl::unexpected(not_understood(image.error().message));
  ImageInfo info = image_info(*image);
  if (info.id.empty()) return tl::unexpected(not_understood("an image without an id"));
  return info;
}

Result<void> Engine::tag_image(const std::string& name, const std::string& repository, const std::string& tag) const {
  const std::string names = query({{"repo", repository}, {"tag", tag}});
  return expect(request("POST", "/images/" + escape_path(name) + "/tag" + names), 201).map([](const auto&) {});
}

Result<void> Engine::remove_image(const std::string& name) const {
  return expect(request("DELETE", "/images/" + escape_path(name)), 200).map([](const auto&) {});
}

Result<std::string> Engine::build_image(const BuildRequest& build, const ProgressSink& progress,
                                        std::stop_token cancel) const {
  WorkLog log(progress);
  http::Request call = request("POST", "/build" + build_query(build));
  call.headers = {{"Content-Type", "application/x-tar"}};
  call.body = build.context;
  if (auto done = follow(std::move(call), log, std::move(cancel)); !done) {
    Error error = std::move(done).error();
    // The classic builder reads the file before it begins.
    if (error.message.find("ockerfile parse error") != std::string::npos)
      error.fix = "correct that line of the Dockerfile";
    return tl::unexpected(std::move(error));
  }
  if (!log.error().empty()) return tl::unexpected(failed_build(log));
  if (!log.image().empty()) return log.image();
  return image_named(build.tags);
}

// Podman's messages do not say what was built.
Result<std::string> Engine::image_named(const std::vector<std::string>& tags) const {
  if (tags.empty()) return tl::unexpected(not_understood("the build ended without an image"));
  const auto image = inspect_image(tags.front());
  if (!image) return tl::unexpected(image.error());
  if (!*image) return tl::unexpected(not_understood("the build ended without an image"));
  return (*image)->id;
}

Result<std::string> Engine::push_image(const std::string& repository, const std::string& tag, const RegistryAuth& auth,
                                       const ProgressSink& progress, std::stop_token cancel) const {
  WorkLog log(progress);
  http::Request call = request("POST", "/images/" + escape_path(repository) + "/push" + query({{"tag", tag}}));
  call.headers = {{"X-Registry-Auth", auth_header(auth)}};
  if (auto done = follow(std::move(call), log, std::move(cancel)); !done) {
    // The engine's own answer, where the registry refuses before anything was sent; there is more that it can mean.
    const bool is_answer = done.error().code == "E353";
    const auto known = is_answer ? known_push_failure(repository, done.error().message) : std::nullopt;
    return tl::unexpected(known.value_or(done.error()));
  }
  if (!log.error().empty()) return tl::unexpected(failed_push(repository, log.error()));
  if (log.digest().empty()) return tl::unexpected(not_understood("the push ended without a digest"));
  return log.digest();
}

Result<void> Engine::pull_image(const std::string& name, const RegistryAuth& auth, const ProgressSink& progress,
                                std::stop_token cancel, const std::string& platform) const {
  WorkLog log(progress);
  http::Request call = request("POST", "/images/create" + query({{"fromImage", name}, {"platform", platform}}));
  call.headers = {{"X-Registry-Auth", auth_header(auth)}};
  const auto done = follow(std::move(call), log, std::move(cancel));
  // The engine answers 404 where Podman tells of it in a message.
  if (!done && done.error().code != "E353") return done;
  const std::string why = done ? log.error() : done.error().message;
  return why.empty() ? Result<void>{} : tl::unexpected(no_image(name, why));
}

Result<void> Engine::follow(http::Request call, WorkLog& log, std::stop_token cancel) const {
  MessageStream stream([&](const Json& message) { return log.take(message); });
  call.sink = [&](std::span<const std::byte> piece) { return stream.feed(piece); };
  call.cancel = std::move(cancel);
  if (auto done = expect(call, 200); !done) return tl::unexpected(done.error());
  return stream.finish();
}

}  // namespace smflow::docker
