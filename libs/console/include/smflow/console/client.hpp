#pragma once

#include <filesystem>
#include <functional>
#include <string_view>

#include <smflow/base/error.hpp>
#include <smflow/base/unique_fd.hpp>
#include <smflow/console/raw_terminal.hpp>

namespace smflow::console {

enum class Left {
  before_its_end,
  because_it_ended,
};

// The far end of a terminal: a stream that takes bytes typed and gives bytes printed.
struct FarEnd {
  int stream = -1;
  std::function<void(std::string_view keys)> type;
  std::function<void(WindowSize size)> resize;
  bool may_be_left = true;  // otherwise its own end is what is waited for, and Ctrl-] is a key like any other
};

// Joins the caller's terminal (standard input and output) to a far end until that ends or is left: by Ctrl-], which no
// debugger uses, and at the end of standard input once what answers it was shown: when nothing more has come for a
// second, and after five in any case. Of another standard input than a terminal all bytes are typed. Single-threaded;
// blocks.
Left join_terminal(const FarEnd& far_end);

// Joins the console that a program has in `folder` (server.hpp), and calls `joined` before the first byte is shown.
// E387 when there is none.
Result<Left> join(const std::filesystem::path& folder, const std::function<void()>& joined = {});

}  // namespace smflow::console
