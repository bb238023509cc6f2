#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <smflow/contract/contract.hpp>
#include <smflow/runtime/memory_events.hpp>
#include <smflow/runtime/supervisor.hpp>

namespace smflow::runtime {

// Why a program failed, as far as its last output says.
struct Cause {
  std::string headline;             // "ValueError: bad shape", "std::out_of_range: ..."; empty when nothing is known
  std::vector<std::string> places;  // innermost first: "train.py:12 in step", "#0 load at loader.cpp:11"
};

// The last traceback of Python (also of its fault handler), or of a native crash report (smflow/base/crash_report.hpp,
// libstdc++'s terminate message, a sanitizer).
Cause find_cause(std::string_view tail);

// What the machine knows beside the program's own words.
struct Surroundings {
  bool out_of_memory = false;  // the kernel killed a process of this container for memory meanwhile
  MemoryEvents memory;
  bool shared_memory_full = false;
  std::vector<std::string> frames;  // of a core, innermost first, user code only
  // When the core was written, which is before other hosts can know that this one has failed.
  std::optional<std::filesystem::file_time_type> core_written = {};
};

// The text of the failure file: cause, where, how the program ended, hint, and, where cause and place are
// not known, the last lines of its output as far as they fit. At most 900 characters: the platform keeps 1024 and adds
// a prefix and a suffix of its own.
std::string failure_text(const std::string& program, const ProgramEnd& end, const Surroundings& surroundings);

// Writes output/failure unless there is one with content already. Makes the folder when it is missing. The file's time
// is `failed`: looking for the reason takes time, and of several hosts the one that failed first is the cause.
Result<void> write_failure(const contract::Paths& paths, std::string_view text,
                           std::filesystem::file_time_type failed = std::filesystem::file_time_type::clock::now());

}  // namespace smflow::runtime
