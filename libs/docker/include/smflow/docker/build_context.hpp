#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <smflow/base/error.hpp>
#include <smflow/http/transport.hpp>
#include <smflow/storage/tar_stream.hpp>

namespace smflow::docker {

// What an engine builds from: a folder as a tar, without what is ignored. Ignored is what `<dockerfile>.dockerignore`
// says, or else `.dockerignore`; the Dockerfile itself never is.
struct BuildContext {
  std::shared_ptr<const http::BodySource> tar;  // see storage::TarStream: deterministic, made while it is sent
  std::string dockerfile;                       // its path in the tar
  std::vector<std::string> paths = {};          // of all that is in the tar
  std::vector<std::string> left_out = {};       // sockets, FIFOs, devices
};

std::shared_ptr<const http::BodySource> body_of(storage::TarStream tar);

// Errors: E358 a pattern is not one, E360 the Dockerfile is not a file inside of the folder, and those of TarStream.
Result<BuildContext> read_context(const std::filesystem::path& folder, const std::filesystem::path& dockerfile);

}  // namespace smflow::docker
