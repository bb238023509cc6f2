#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace smflow::docker {

// The images that a Dockerfile builds on, each once: what its FROM instructions name, with the arguments of the build
// and the defaults of the ARG instructions before the first of them in place (Dockerfile reference, "FROM"), and what
// COPY --from= names. Stages of its own, `scratch` and names that are not known before the build are left out. The text
// may be hostile.
std::vector<std::string> base_images(std::string_view dockerfile, const std::map<std::string, std::string>& arguments);

// Whether an ARG instruction of it, of whatever stage, has this name.
bool declares_argument(std::string_view dockerfile, std::string_view name);

}  // namespace smflow::docker
