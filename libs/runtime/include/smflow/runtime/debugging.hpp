#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <smflow/runtime/entry_point.hpp>
#include <smflow/runtime/environment.hpp>

namespace smflow::runtime {

// How the program of this container is debugged (smflow/contract/debugging.hpp).
struct Debugging {
  bool wanted = false;
  bool debugpy = false;
  bool elsewhere = false;             // the program of another host is debugged
  std::string address;                // where debugpy listens
  std::filesystem::path folder;       // of the console
  std::filesystem::path core_folder;  // empty: a core is not kept
};

// In the host of this name.
Debugging debugging_of(const Variables& given, const std::string& host);

// `command` under debugpy, which listens and waits for a client; `command` itself for a program that is not Python's.
std::vector<std::string> debugged_command(const EntryPoint& program, std::vector<std::string> command,
                                          const Debugging& debugging);

// What the log says before a program that is debugged starts.
std::string debugging_notice(const Environment& environment, const EntryPoint& program, const Debugging& debugging);

}  // namespace smflow::runtime
