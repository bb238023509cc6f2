#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <smflow/base/error.hpp>
#include <smflow/runtime/supervisor.hpp>

namespace smflow::runtime {

// The core that the kernel wrote for `end`, by its pattern: an ELF core in the program's folder or in the pattern's,
// newer than the program's start. Empty when there is none, or when the pattern hands cores to a program on the host.
std::filesystem::path find_core(const ProgramEnd& end, const std::filesystem::path& folder,
                                const std::filesystem::path& pattern_file = "/proc/sys/kernel/core_pattern");

// Moves a core, which is mostly holes, to a place that may be on another file system.
Result<void> move_core(const std::filesystem::path& core, const std::filesystem::path& place);

// gdb's backtrace of a core; empty without gdb, or when gdb is not done in time.
std::string backtrace_of_core(const std::string& program, const std::filesystem::path& core,
                              std::chrono::milliseconds timeout = std::chrono::seconds(60));

// The frames of gdb's backtrace that have a source file and are no part of the C or C++ library, innermost first:
// "load_batch (i=42) at loader.cpp:11". The first frames with a name when there is none with a source.
std::vector<std::string> user_frames(std::string_view backtrace, std::size_t most = 4);

// The program's own frames of a crash report (smflow/base/crash_report.hpp) in `tail`, with source lines by addr2line:
// "load_batch(int) at loader.cpp:11". Empty without addr2line or debugging symbols.
std::vector<std::string> source_frames(std::string_view tail, const std::filesystem::path& program,
                                       std::size_t most = 4);

}  // namespace smflow::runtime
