#pragma once

#include "sandbox_spec.hpp"

namespace smflow::engine {

// Makes the calling process, alone in its mount namespace, see the machine with /opt/ml, /tmp, /proc, /dev/shm,
// /etc/hosts and /etc/hostname of `host`'s own; the binds of `spec` stand where they say, and the entrypoint at
// `entrypoint_in_sandbox`. Nothing changes for the rest of the machine, and nothing is left mounted once the
// namespace's last process is gone. Throws CommandFailure; the process is of no use then.
void enter_private_root(const SandboxSpec& spec, const HostSpec& host);

inline constexpr const char* entrypoint_folder_in_sandbox = "/opt/.smflow";
inline constexpr const char* entrypoint_in_sandbox = "/opt/.smflow/train";

}  // namespace smflow::engine
