#include <algorithm>
#include <cctype>

#include <smflow/base/files.hpp>
#include <smflow/base/text.hpp>
#include <smflow/runtime/failure.hpp>

namespace smflow::runtime {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t longest_text = 900;
constexpr std::size_t longest_headline = 400;
constexpr std::size_t fewest_tail_characters = 40;
constexpr const char* breakpoint_hint =
    "a breakpoint needs somebody at the program's console: start the job with --debug, or --debug HOST for this host, "
    "then smflow attach";

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string shortened(std::string_view text, std::size_t limit) {
  return characters(text) <= limit ? std::string(text) : std::string(utf8_prefix_characters(text, limit - 3)) + "...";
}

// "run<...>(...) at loader.cpp:11": the name of a function may be of any length, and is what gives way.
std::string shortened_place(std::string_view place, std::size_t limit) {
  const std::string_view source = place.substr(std::min(place.rfind(" at "), place.size()));
  const std::size_t kept = characters(source);
  if (kept > limit / 2) return shortened(place, limit);
  return shortened(place.substr(0, place.size() - source.size()), limit - kept) + std::string(source);
}

// The signal behind an exit code of a shell or another supervisor, 0 when there is none.
int signal_of(const ProgramEnd& end) {
  if (end.signal != 0) return end.signal;
  return end.exit_code > 128 && end.exit_code <= 128 + 64 ? end.exit_code - 128 : 0;
}

std::string how_it_ended(const std::string& program, const ProgramEnd& end) {
  if (end.signal != 0) {
    return "'" + program + "' was killed by " + signal_text(end.signal);
  }
  std::string text = "'" + program + "' exited with code " + std::to_string(end.exit_code);
  if (const int signal = signal_of(end); signal != 0) text += ", which stands for " + signal_text(signal);
  return text;
}

std::string memory_hint(const Surroundings& surroundings) {
  const MemoryEvents& memory = surroundings.memory;
  if (!surroundings.out_of_memory) {
    return "probably out of memory: lower the batch size or the number of workers, or take a larger instance";
  }
  std::string text = "out of memory: the kernel killed a process of this container";
  if (memory.limit) text += ", limit " + format_bytes(static_cast<double>(*memory.limit));
  if (memory.peak) text += ", peak " + format_bytes(static_cast<double>(*memory.peak));
  return text;
}

std::string hint(const ProgramEnd& end, const Surroundings& surroundings, bool explained) {
  if (end.tail.find("No module named debugpy") != std::string::npos) {
    return "--debugpy needs debugpy in the image: name it in requirements.txt";
  }
  const int signal = signal_of(end);
  if (signal == SIGKILL || surroundings.out_of_memory) return memory_hint(surroundings);
  if (signal == SIGTERM || (signal == SIGINT && end.stopped)) {
    return end.stopped ? "the job was stopped; a program that saves a checkpoint on SIGTERM and exits 0 ends well"
                       : "something in the container sent SIGTERM";
  }
  if (signal == SIGBUS && surroundings.shared_memory_full) {
    return "/dev/shm is full: raise the shared memory size or lower the number of workers";
  }
  const bool crashed =
      signal == SIGSEGV || signal == SIGBUS || signal == SIGFPE || signal == SIGILL || signal == SIGABRT;
  if (crashed && !explained)
    return "for a stack, let a C++ program call smflow::install_crash_handlers() first in main";
  if (end.exit_code == 127) return "127 usually means that a command was not found";
  if (end.exit_code == 126) return "126 usually means that a command is not executable";
  return {};
}

// What a terminal would show: a progress bar rewrites one line, and its last state is what was to be seen.
std::string as_seen(std::string_view output) {
  std::vector<std::string> lines = split(output, '\n');
  for (std::string& line : lines) {
    while (!line.empty() && line.back() == '\r') line.pop_back();
    line.erase(0, line.rfind('\r') + 1);  // npos + 1 is 0
  }
  return join(lines, "\n");
}

// The last lines of `tail` that fit into `room` characters, white space at the ends of lines and empty lines left out.
std::string last_lines(std::string_view tail, std::size_t room) {
  std::string text;
  std::vector<std::string> lines = split(tail, '\n');
  for (auto line = lines.rbegin(); line != lines.rend(); ++line) {
    const std::string_view visible = std::string_view(*line).substr(0, line->find_last_not_of(" \t") + 1);
    if (visible.empty()) continue;
    const std::size_t used = characters(text);
    if (used + characters(visible) + 1 > room) {
      if (text.empty()) text = shortened(visible, room);
      break;
    }
    text = std::string(visible) + (text.empty() ? "" : "\n") + text;
  }
  return text;
}

void add_line(std::string& text, std::string_view line) {
  if (line.empty()) return;
  if (!text.empty()) text += '\n';
  text += line;
}

}  // namespace

std::string failure_text(const std::string& program, const ProgramEnd& end, const Surroundings& surroundings) {
  constexpr std::size_t looked_at = 32u << 10;
  const std::string_view output = end.tail;
  const std::string tail = printable(as_seen(output.substr(output.size() - std::min(output.size(), looked_at))));
  const Cause cause = find_cause(tail);
  std::string text = shortened(cause.headline, longest_headline);
  const std::vector<std::string>& places = surroundings.frames.empty() ? cause.places : surroundings.frames;
  std::string where;
  for (const std::string& place : places) add_line(where, "  at " + shortened_place(place, 160));
  if (!text.empty()) add_line(text, where);
  add_line(text, how_it_ended(program, end));
  if (cause.headline.empty()) add_line(text, where);
  const bool no_console = cause.headline.starts_with("bdb.BdbQuit");
  if (const std::string advice =
          no_console ? breakpoint_hint : hint(end, surroundings, !cause.headline.empty() || !where.empty());
      !advice.empty())
    add_line(text, "hint: " + advice);
  const std::size_t used = characters(text);
  const bool told = !cause.headline.empty() && !where.empty();
  if (!told && used + fewest_tail_characters < longest_text) {
    const std::string lines = last_lines(tail, longest_text - used - 14);
    if (!lines.empty()) add_line(text, "last output:\n" + lines);
  }
  return shortened(text, longest_text);
}

Result<void> write_failure(const contract::Paths& paths, std::string_view text, fs::file_time_type failed) {
  std::error_code missing;
  const auto size = fs::file_size(paths.failure_file(), missing);
  if (!missing && size > 0) return {};
  auto written = write_file(paths.failure_file(), text);
  std::error_code ignored;
  if (written) fs::last_write_time(paths.failure_file(), failed, ignored);
  return written;
}

}  // namespace smflow::runtime
