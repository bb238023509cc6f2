#pragma once

#include <filesystem>
#include <functional>
#include <string_view>

#include <smflow/base/error.hpp>
#include <smflow/base/unique_fd.hpp>
#include <smflow/console/raw_terminal.hpp>

namespace smflow::console {

enum class Left {
  by_key,
  because_it_ended,
};

// The far end of a terminal: a stream that takes bytes typed and gives bytes printed.
struct FarEnd {
  int stream = -1;
  std::function<void(std::string_view keys)> type;
  std::function<void(WindowSize size)> resize;
  bool leave_key = true;  // Ctrl-] leaves, which no debugger uses; otherwise it is a key like any other
};

// Joins the caller's terminal (standard input and output) to a far end until that ends or the leave key is typed. With
// another standard input than a terminal, its bytes are typed, and its end is no reason to leave. Single-threaded;
// blocks.
Left join_terminal(const FarEnd& far_end);

// Joins the console that a program has in `folder` (server.hpp). E387 when there is none.
Result<Left> join(const std::filesystem::path& folder);

}  // namespace smflow::console
