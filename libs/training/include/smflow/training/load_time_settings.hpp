#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <smflow/base/terminal.hpp>

namespace smflow::training {

using EnvironmentSettings = std::vector<std::pair<std::string, std::string>>;

// Variables that OpenBLAS and GNU OpenMP read only while they are loaded, and that make a training faster on this
// processor; what `environment` sets already is left alone.
//
// OPENBLAS_CORETYPE: an OpenBLAS that does not know a processor newer than itself falls back on kernels for Prescott
// (2004), 4 times slower than those it has for Haswell or SkylakeX. `blas_kernels` is what it says it uses.
// GOMP_SPINCOUNT: by default a thread that waits for the others burns its core for milliseconds, which is fast on cores
// of its own and ruins both sides on shared ones. A short spin is as fast and gives way.
EnvironmentSettings load_time_settings(std::string_view blas_kernels, const EnvironmentLookup& environment,
                                       const std::filesystem::path& root = "/");

// The kernels OpenBLAS uses, in its words ("Prescott", "SkylakeX"); empty for another BLAS.
std::string openblas_kernels();

// Starts the running program again, with its own arguments, when load_time_settings has something to set: to be called
// before a program makes threads and opens files. Returns when there is nothing to set or the system refuses.
void restart_with_load_time_settings();

}  // namespace smflow::training
