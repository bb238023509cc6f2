#pragma once

#include <chrono>
#include <cstdio>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace smflow {

enum class When { automatic, always, never };

using EnvironmentLookup = std::function<std::optional<std::string>(const char*)>;
std::optional<std::string> environment_variable(const char* name);

// Colour on a stream: `--color` first, then NO_COLOR, FORCE_COLOR / CLICOLOR_FORCE, TERM=dumb, and whether it is a
// terminal (no-color.org, bixense.com/clicolors).
bool use_color(When wish, bool is_terminal, const EnvironmentLookup& environment = environment_variable);

// The lines for people on one stream, and at most one live line at the bottom. On a terminal the live line is redrawn
// in place, at most ten times a second, and erased before anything else is written; elsewhere it is never shown. Safe
// to use from several threads. Does not own the stream.
class Screen {
 public:
  Screen(std::FILE* stream, bool terminal, bool color);
  ~Screen();
  Screen(const Screen&) = delete;
  Screen& operator=(const Screen&) = delete;

  bool terminal() const { return terminal_; }
  void line(std::string_view text);
  void live(std::string_view text);
  void clear_live();

  // `text` in a colour when colours are on. `code` is an SGR parameter: "1" bold, "2" dim, "31" red, "32" green.
  std::string paint(const char* code, std::string_view text) const;

 private:
  void erase_live();

  std::FILE* stream_;
  bool terminal_;
  bool color_;
  std::mutex mutex_;
  bool live_shown_ = false;
  std::chrono::steady_clock::time_point live_time_{};
};

// A bar of `width` cells for `done` of `total`: "████▌     ".
std::string progress_bar(double done, double total, int width);

}  // namespace smflow
