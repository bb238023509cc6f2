#pragma once

// How a program is debugged: between whoever starts a container (the local engine, or the environment of a job on
// SageMaker) and the entrypoint. smflow's own; the platform knows nothing of it.
namespace smflow::contract::debugging {

// "wait": the program has a console and waits at its first instruction for a debugger. "debugpy": a program in Python
// waits for a debugger that speaks the Debug Adapter Protocol. Missing or empty: it is not debugged.
inline constexpr const char* mode_variable = "SMFLOW_DEBUG";
inline constexpr const char* mode_wait = "wait";
inline constexpr const char* mode_debugpy = "debugpy";

// In every host of a job that has a debugged host: its name. Only that one obeys SMFLOW_DEBUG; the others wait for it
// without complaint.
inline constexpr const char* debugged_host_variable = "SMFLOW_DEBUGGED_HOST";

// The folder of the console, and the one that the core of a crash is left in.
inline constexpr const char* folder_variable = "SMFLOW_DEBUG_FOLDER";
inline constexpr const char* folder = "/tmp/smflow";
// Where the entrypoint leaves the core of a program that has crashed, if anywhere: `core`, the program itself as
// `program`, and gdb's `backtrace.txt`.
inline constexpr const char* core_folder_variable = "SMFLOW_CORE_FOLDER";
inline constexpr const char* core_file = "core";
inline constexpr const char* program_file = "program";
inline constexpr const char* backtrace_file = "backtrace.txt";

// Where Dockerfile.sagemaker compiles the repository: its programs name their sources there.
inline constexpr const char* image_sources = "/smflow";

// Where debugpy listens in the host: whoever reaches it runs what he likes. 127.0.0.1 unless the variable names another
// address.
inline constexpr int debugpy_port = 5678;
inline constexpr const char* address_variable = "SMFLOW_DEBUG_ADDRESS";

}  // namespace smflow::contract::debugging
