#include <algorithm>
#include <cstdlib>

#include <sys/ioctl.h>

#include <smflow/base/terminal.hpp>
#include <smflow/base/text.hpp>

namespace smflow {

std::optional<std::string> environment_variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

bool use_color(When wish, bool is_terminal, const EnvironmentLookup& environment) {
  if (wish != When::automatic) return wish == When::always;
  if (!environment("NO_COLOR").value_or("").empty()) return false;
  for (const char* force : {"FORCE_COLOR", "CLICOLOR_FORCE"}) {
    const std::string value = environment(force).value_or("");
    if (!value.empty() && value != "0") return true;
  }
  return is_terminal && environment("TERM").value_or("") != "dumb";
}

Screen::Screen(std::FILE* stream, bool terminal, bool color) : stream_(stream), terminal_(terminal), color_(color) {}

Screen::~Screen() {
  clear_live();
}

void Screen::line(std::string_view text) {
  const std::lock_guard lock(mutex_);
  erase_live();
  std::fwrite(text.data(), 1, text.size(), stream_);
  std::fputc('\n', stream_);
  std::fflush(stream_);
}

void Screen::live(std::string_view text) {
  if (!terminal_) return;
  const std::lock_guard lock(mutex_);
  const auto now = std::chrono::steady_clock::now();
  if (live_shown_ && now - live_time_ < std::chrono::milliseconds(100)) return;
  live_time_ = now;
  winsize size{};
  const bool known = ioctl(fileno(stream_), TIOCGWINSZ, &size) == 0 && size.ws_col > 1;
  const std::size_t width = known ? size.ws_col - 1u : 79u;
  const std::string shown(utf8_prefix_characters(text, width));
  std::fprintf(stream_, "\r\x1b[K%s", shown.c_str());
  std::fflush(stream_);
  live_shown_ = true;
}

void Screen::clear_live() {
  const std::lock_guard lock(mutex_);
  erase_live();
}

void Screen::erase_live() {
  if (!live_shown_) return;
  std::fputs("\r\x1b[K", stream_);
  std::fflush(stream_);
  live_shown_ = false;
}

std::string Screen::paint(const char* code, std::string_view text) const {
  if (!color_) return std::string(text);
  return std::string("\x1b[") + code + "m" + std::string(text) + "\x1b[0m";
}

std::string progress_bar(double done, double total, int width) {
  static constexpr const char* eighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  const double share = total > 0 && done > 0 ? std::min(done / total, 1.0) : 0.0;  // NaN is none
  const int cells = static_cast<int>(share * width * 8);
  std::string bar;
  for (int i = 0; i < cells / 8; ++i) bar += "█";
  bar += eighths[cells % 8];
  const int used = cells / 8 + (cells % 8 != 0 ? 1 : 0);
  return bar + std::string(static_cast<std::size_t>(width - used), ' ');
}

}  // namespace smflow
