#pragma once

#include <string>

#include <smflow/docker/engine.hpp>

namespace smflow::cli {

// Label of an image: "sha256:" and the hash of the schema that its program checks a training config with.
constexpr const char* schema_label = "smflow.config_schema";

// The label's value, read from the image; empty when there is no schema in it.
std::string schema_of_image(const docker::Engine& engine, const std::string& image_id);

// The id of the image that `built` and one label more make; it takes the tags over.
std::string add_label(const docker::Engine& engine, const std::string& image_id, const docker::BuildRequest& built,
                      const std::string& label, const std::string& value);

}  // namespace smflow::cli
