#pragma once

#include <string>

#include <smflow/docker/engine.hpp>

namespace smflow::cli {

// The value of contract::config_schema_label, read from the image; empty when there is no schema in it.
std::string schema_of_image(const docker::Engine& engine, const std::string& image_id);

// The id of the image that `built` and one label more make; it takes the tags over.
std::string add_label(const docker::Engine& engine, const std::string& image_id, const docker::BuildRequest& built,
                      const std::string& label, const std::string& value);

}  // namespace smflow::cli
