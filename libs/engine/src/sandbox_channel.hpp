#pragma once

// The file descriptors with which the sandbox process starts.
namespace smflow::engine::channel {

inline constexpr const char* argument = "__sandbox";
inline constexpr int orders = 3;   // the encoded SandboxSpec
inline constexpr int control = 4;  // to read
inline constexpr int status = 5;   // to write
inline constexpr int lock = 6;     // held until the last process of the sandbox is gone: the job's folder is in use
inline constexpr int first_output = 7;  // to write, one for each host

}  // namespace smflow::engine::channel
