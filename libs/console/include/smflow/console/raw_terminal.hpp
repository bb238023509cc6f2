#pragma once

#include <optional>

#include <termios.h>

namespace smflow::console {

struct WindowSize {
  unsigned short rows = 0;
  unsigned short columns = 0;
};

// Nothing for what is no terminal, or one without a size.
std::optional<WindowSize> window_size(int terminal);
void set_window_size(int terminal, WindowSize size);

// What happens to "\n" on its way to the screen.
enum class Printing {
  as_it_is,  // what is printed comes from another terminal, with its "\r"
  by_lines,  // "\n" begins a new line
};

// While it lives, every key of a terminal comes as it is typed, Ctrl-C included, and nothing is echoed: another
// terminal at the far end does that.
class RawTerminal {
 public:
  // Nothing happens to what is no terminal.
  RawTerminal(int terminal, Printing printing);
  ~RawTerminal();
  RawTerminal(const RawTerminal&) = delete;
  RawTerminal& operator=(const RawTerminal&) = delete;

 private:
  int terminal_;
  std::optional<termios> before_;
};

}  // namespace smflow::console
