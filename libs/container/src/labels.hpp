#pragma once

namespace smflow::container {

// On everything that is made, beside docker::machine_label.
inline constexpr const char* job_label = "smflow.job";        // the job's name
inline constexpr const char* folder_label = "smflow.folder";  // the job's folder on the launcher's machine
inline constexpr const char* host_label = "smflow.host";      // "algo-1"

}  // namespace smflow::container
