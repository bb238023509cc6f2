#include "image_schema.hpp"

#include <filesystem>

#include <smflow/base/files.hpp>
#include <smflow/base/sha256.hpp>
#include <smflow/contract/contract.hpp>
#include <smflow/docker/build_context.hpp>
#include <smflow/storage/archive.hpp>

namespace smflow::cli {

namespace fs = std::filesystem;

namespace {

constexpr const char* schema_folder = "/opt/ml/code";

TemporaryDirectory scratch() {
  return value_or_throw(TemporaryDirectory::create(fs::temp_directory_path(), "smflow-image-"));
}

}  // namespace

std::string schema_of_image(const docker::Engine& engine, const std::string& image_id) {
  const auto tar =
      value_or_throw(engine.tar_of(image_id, std::string(schema_folder) + "/" + contract::config_schema_file));
  if (!tar) return {};
  const TemporaryDirectory folder = scratch();
  value_or_throw(write_file(folder.path() / "tar", *tar));
  value_or_throw(storage::extract_archive(folder.path() / "tar", folder.path() / "content"));
  return "sha256:" + sha256_hex(value_or_throw(read_file(folder.path() / "content" / contract::config_schema_file)));
}

std::string add_label(const docker::Engine& engine, const std::string& image_id, const docker::BuildRequest& built,
                      const std::string& label, const std::string& value) {
  const TemporaryDirectory folder = scratch();
  // Without "sha256:" an id is what every engine takes for an image of its own; BuildKit knows images by name only.
  const std::string from = built.buildkit ? built.tags.front() : image_id.substr(image_id.find(':') + 1);
  value_or_throw(write_file(folder.path() / "Dockerfile", "FROM " + from + "\n"));
  const auto context = value_or_throw(docker::read_context(folder.path(), folder.path() / "Dockerfile"));
  const docker::BuildRequest request{.context = context.tar,
                                     .dockerfile = context.dockerfile,
                                     .tags = built.tags,
                                     .labels = {{label, value}},
                                     .platform = built.platform,
                                     .buildkit = built.buildkit};
  return value_or_throw(engine.build_image(request, [](const docker::Progress&) {}));
}

}  // namespace smflow::cli
