#include <sys/ioctl.h>
#include <unistd.h>

#include <smflow/console/raw_terminal.hpp>

namespace smflow::console {

std::optional<WindowSize> window_size(int terminal) {
  winsize size{};
  if (::ioctl(terminal, TIOCGWINSZ, &size) != 0 || size.ws_row == 0 || size.ws_col == 0) return std::nullopt;
  return WindowSize{size.ws_row, size.ws_col};
}

void set_window_size(int terminal, WindowSize size) {
  const winsize wanted{.ws_row = size.rows, .ws_col = size.columns, .ws_xpixel = 0, .ws_ypixel = 0};
  ::ioctl(terminal, TIOCSWINSZ, &wanted);
}

RawTerminal::RawTerminal(int terminal, Printing printing) : terminal_(terminal) {
  termios settings{};
  if (::tcgetattr(terminal_, &settings) != 0) return;
  before_ = settings;
  const tcflag_t output = settings.c_oflag;
  ::cfmakeraw(&settings);
  if (printing == Printing::by_lines) settings.c_oflag = output;
  ::tcsetattr(terminal_, TCSADRAIN, &settings);
}

RawTerminal::~RawTerminal() {
  if (before_) ::tcsetattr(terminal_, TCSADRAIN, &*before_);
}

}  // namespace smflow::console
