#pragma once

#include <string_view>

namespace smflow::preflight {

// By the naming convention of EC2: "ml.<family><generation><attributes>.<size>", where the attribute g is Graviton and
// d is a disk of the machine's own.

// "arm64" or "amd64", as images name it.
const char* architecture_of(std::string_view instance_type);

// Such a machine keeps the job on its own disk, encrypted by itself; the size and the key of a volume mean nothing.
bool has_own_disk(std::string_view instance_type);

}  // namespace smflow::preflight
