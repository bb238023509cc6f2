// Any bytes as the answer of a container engine: documents, messages of a build or push, frames of a log, a tar. The
// first byte chooses the call, the second one the status and the length of the pieces that come.
#include "require.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include <smflow/base/text.hpp>
#include <smflow/docker/containers.hpp>

namespace {

using namespace smflow;

// Greets, then answers always the same.
class OneAnswer : public http::Transport {
 public:
  OneAnswer(int status, std::string_view text, std::size_t piece) : status_(status), text_(text), piece_(piece) {}

  tl::expected<http::Response, http::TransportError> send(const http::Request& request) override {
    if (request.url.ends_with("/_ping")) return http::Response{200, {{"Api-Version", "1.41"}}, "OK"};
    if (request.url.ends_with("/version")) return http::Response{200, {}, "{}"};
    if (!request.sink || status_ / 100 != 2) return http::Response{status_, {}, std::string(text_)};
    for (std::size_t at = 0; at < text_.size(); at += piece_) {
      const std::string_view piece = text_.substr(at, piece_);
      if (const auto taken = request.sink(std::as_bytes(std::span(piece))); !taken) {
        return tl::unexpected(http::TransportError{http::TransportError::Kind::local, "it failed", taken.error()});
      }
    }
    return http::Response{status_, {}, ""};
  }

 private:
  const int status_;
  const std::string_view text_;
  const std::size_t piece_;
};

template <class T>
void judge(const Result<T>& result) {
  if (result) return;
  fuzz::require(!result.error().code.empty() && !result.error().message.empty(), "an error says something");
  fuzz::require(is_valid_utf8(result.error().message), "an error is UTF-8");
}

void shown(const docker::Progress& progress) {
  fuzz::require(is_valid_utf8(progress.text) && is_valid_utf8(progress.layer), "what is shown is UTF-8");
}

const docker::RegistryAuth login{"registry", "user", "password"};
const docker::ByteSink nowhere = [](std::span<const std::byte>) { return Result<void>(); };

using Ask = void (*)(const docker::Engine& engine);
const std::array<Ask, 12> calls = {
    [](const docker::Engine& engine) { judge(engine.inspect_image("gan")); },
    [](const docker::Engine& engine) { judge(engine.build_image({.tags = {"gan:v1"}}, shown)); },
    [](const docker::Engine& engine) { judge(engine.push_image("registry/gan", "v1", login, shown)); },
    [](const docker::Engine& engine) { judge(engine.pull_image("registry/gan:v1", login, shown)); },
    [](const docker::Engine& engine) { judge(engine.tar_of("gan", "/opt/ml/code")); },
    [](const docker::Engine& engine) { judge(docker::Containers(engine).create({.name = "a", .image = "gan"})); },
    [](const docker::Engine& engine) { judge(docker::Containers(engine).start("a")); },
    [](const docker::Engine& engine) { judge(docker::Containers(engine).inspect("a")); },
    [](const docker::Engine& engine) { judge(docker::Containers(engine).wait("a")); },
    [](const docker::Engine& engine) { judge(docker::Containers(engine).follow_log("a", nowhere)); },
    [](const docker::Engine& engine) { judge(docker::Containers(engine).list({"label"})); },
    [](const docker::Engine& engine) { judge(docker::Networks(engine).list("label")); },
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  static constexpr std::array statuses = {200, 200, 201, 204, 400, 404, 409, 500};
  const std::size_t piece = 1 + (data[1] >> 3) * std::size_t{7};
  OneAnswer transport(statuses[data[1] % statuses.size()], {reinterpret_cast<const char*>(data) + 2, size - 2}, piece);
  const auto engine = docker::Engine::connect({.url = "http://engine", .shown = "unix:///s"}, transport);
  fuzz::require(engine.has_value(), "the engine is connected to");
  calls[data[0] % calls.size()](*engine);
  return 0;
}
