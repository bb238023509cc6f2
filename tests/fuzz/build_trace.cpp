// Any bytes as what BuildKit tells of a build, and as a Dockerfile.
#include "require.hpp"
#include "work_log.hpp"

#include <cstddef>
#include <cstdint>

#include <smflow/base/base64.hpp>
#include <smflow/base/text.hpp>
#include <smflow/docker/dockerfile.hpp>

using namespace smflow;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const docker::ProgressSink shown = [](const docker::Progress& progress) {
    fuzz::require(is_valid_utf8(progress.text), "what is shown is UTF-8");
  };
  docker::WorkLog log(shown);
  const bool good = log.take({{"id", "moby.buildkit.trace"}, {"aux", to_base64(bytes)}}).has_value();
  fuzz::require(good == docker::decode_build_trace(bytes).has_value(), "a trace that is none is an error");
  const Error error = docker::failed_build(log);
  fuzz::require(is_valid_utf8(error.message) && is_valid_utf8(error.excerpt), "an error is UTF-8");
  for (const std::string& image : docker::base_images(bytes, {{"BASE_IMAGE", "base:1"}})) {
    fuzz::require(!image.empty(), "an image has a name");
  }
  return 0;
}
