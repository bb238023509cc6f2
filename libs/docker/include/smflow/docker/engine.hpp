#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include <smflow/base/error.hpp>
#include <smflow/docker/engine_address.hpp>
#include <smflow/http/transport.hpp>

namespace smflow::docker {

// Docker Engine API 1.40 to 1.47; Podman's compatible socket speaks 1.41.
struct EngineVersion {
  std::string api;           // what is spoken: the lower of the engine's version and ours, "1.41"
  std::string engine;        // "20.10.24"
  std::string os;            // "linux"
  std::string architecture;  // "amd64"
  bool buildkit = false;     // it builds by BuildKit unless it is asked otherwise
  bool podman = false;
};

struct ImageInfo {
  std::string id;  // "sha256:..."
  std::vector<std::string> tags;
  std::vector<std::string> digests;  // "repository@sha256:..." of the registries it was pushed to
  std::map<std::string, std::string> labels;
  std::map<std::string, std::string> environment;
  std::string os;
  std::string architecture;
  std::uint64_t size = 0;
};

// What a registry asks for. Travels in a header of one request only.
struct RegistryAuth {
  std::string registry;  // host, with its port
  std::string user;
  std::string password;
};

// What the engine says while it works.
struct Progress {
  enum class Kind {
    step,    // a build step begins: "Step 3/8 : RUN make"
    output,  // a line that a step has printed
    layer,   // of a pull or a push
  };
  Kind kind = Kind::output;
  std::string text = {};
  std::string layer = {};   // its short id
  std::uint64_t done = 0;   // bytes
  std::uint64_t total = 0;  // 0: not known
};
using ProgressSink = std::function<void(const Progress&)>;

// The engine signs in nowhere for a build: images to build on that need a login are to be on its machine.
struct BuildRequest {
  std::shared_ptr<const http::BodySource> context = {};  // a tar
  std::string dockerfile = "Dockerfile";                 // its path in the context
  std::vector<std::string> tags = {};                    // "name:tag"
  std::map<std::string, std::string> arguments = {};
  std::map<std::string, std::string> labels = {};
  std::string platform = {};  // "linux/amd64"; empty: the engine's own
  bool buildkit = false;      // by BuildKit; else by the classic builder
};

class WorkLog;

// The calls of one engine. Safe to use from several threads; `transport` is to outlive it.
//
// Errors of every call: E350 nobody answers, E351 no permission, E353 the engine refuses, in its words, E354 its answer
// is not understood, E393 the engine's disk is full, E432 cancelled.
class Engine {
 public:
  // Asks for the version. E352 when the engine is older than API 1.40.
  static Result<Engine> connect(const EngineAddress& address, http::Transport& transport);

  const EngineVersion& version() const { return version_; }
  const EngineAddress& address() const { return address_; }

  // None when there is no such image.
  Result<std::optional<ImageInfo>> inspect_image(const std::string& name) const;
  Result<void> tag_image(const std::string& name, const std::string& repository, const std::string& tag) const;
  // The name only, while the image has others.
  Result<void> remove_image(const std::string& name) const;
  // E364 when it cannot be had from its registry. `auth` without a user: nobody signs in. `platform`: "linux/amd64",
  // OS/ARCH[/VARIANT]; empty: the engine's own.
  Result<void> pull_image(const std::string& name, const RegistryAuth& auth, const ProgressSink& progress,
                          std::stop_token cancel = {}, const std::string& platform = {}) const;

  // The tar of a file or folder of an image, at most 16 MiB; none when there is no such path. Nothing of the image
  // runs: a container is made to look into and removed, which for a process that is killed meanwhile
  // remove_abandoned_looks does (containers.hpp).
  Result<std::optional<std::string>> tar_of(const std::string& image, const std::string& path) const;

  // The id of the image that was made. E355 when a step fails, with the step and its last lines; E357
  // when the base image cannot be had.
  Result<std::string> build_image(const BuildRequest& request, const ProgressSink& progress,
                                  std::stop_token cancel = {}) const;
  // The digest that the registry has the image under. E394 when the registry does not let the caller push, E395 when
  // it keeps another image under the tag for good, E356 when it refuses for another reason.
  Result<std::string> push_image(const std::string& repository, const std::string& tag, const RegistryAuth& auth,
                                 const ProgressSink& progress, std::stop_token cancel = {}) const;

  // What every call of this library is made of: a request for `path` without the version, its answer, and the same with
  // any other status than `status` as the error E353.
  http::Request request(std::string method, const std::string& path) const;
  Result<http::Response> send(const http::Request& request) const;
  Result<http::Response> expect(const http::Request& request, int status) const;

 private:
  Engine(const EngineAddress& address, http::Transport& transport) : address_(address), transport_(&transport) {}

  Result<void> negotiate();
  Result<std::string> image_named(const std::vector<std::string>& tags) const;
  Result<void> follow(http::Request call, WorkLog& log, std::stop_token cancel) const;

  EngineAddress address_;
  http::Transport* transport_;
  EngineVersion version_;
};

// The engine with a transport of its own.
Result<std::shared_ptr<const Engine>> connect_to(const EngineAddress& address, const std::string& user_agent);

// A transport that reaches the engine.
std::unique_ptr<http::Transport> transport_to(const EngineAddress& address, const std::string& user_agent);

}  // namespace smflow::docker
