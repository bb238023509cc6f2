#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <memory>

#include <cxxabi.h>

#include <smflow/base/text.hpp>
#include <smflow/runtime/failure.hpp>

namespace smflow::runtime {

namespace {

using Lines = std::vector<std::string>;
constexpr std::size_t most_places = 4;

// Index behind the last line that begins with `start`, 0 when there is none.
std::size_t behind_last(const Lines& lines, std::string_view start) {
  for (std::size_t i = lines.size(); i > 0; --i) {
    if (lines[i - 1].starts_with(start)) return i;
  }
  return 0;
}

// `  File "/opt/ml/code/train.py", line 12, in step` as "train.py:12 in step"; empty for another line.
std::string python_place(std::string_view line) {
  line = trim(line);
  if (!line.starts_with("File \"")) return {};
  line.remove_prefix(6);
  const std::size_t quote = line.find('"');
  const std::size_t number = line.find("line ", std::min(quote, line.size()));
  if (quote == std::string_view::npos || number == std::string_view::npos) return {};
  const std::string_view file = line.substr(0, quote);
  if (file.find("site-packages/") != std::string_view::npos || file.find("dist-packages/") != std::string_view::npos ||
      file.find("/lib/python") != std::string_view::npos || file.starts_with("<")) {
    return {};
  }
  std::string_view rest = line.substr(number + 5);
  const std::size_t digits = std::min(rest.find_first_not_of("0123456789"), rest.size());
  std::string place = std::string(file.substr(file.rfind('/') + 1)) + ":" + std::string(rest.substr(0, digits));
  const std::size_t function = rest.find("in ");
  if (function != std::string_view::npos) place += " in " + std::string(rest.substr(function + 3));
  return place;
}

bool looks_like_exception(std::string_view line) {
  const std::size_t name = std::min(line.find_first_of(": "), line.size());
  if (name == 0 || (name < line.size() && line[name] != ':') || std::isalpha(static_cast<unsigned char>(line[0])) == 0)
    return false;
  return std::all_of(line.begin(), line.begin() + static_cast<std::ptrdiff_t>(name),
                     [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.'; });
}

Cause python_traceback(const Lines& lines, std::size_t begin) {
  Cause cause;
  std::size_t i = begin;
  for (; i < lines.size() && (lines[i].empty() || lines[i].front() == ' '); ++i) {
    if (std::string place = python_place(lines[i]); !place.empty()) cause.places.push_back(std::move(place));
  }
  // With stdout and stderr in one stream another line may stand between.
  while (i < lines.size() && !looks_like_exception(lines[i])) ++i;
  if (i == lines.size()) return {};
  cause.headline = lines[i];
  std::reverse(cause.places.begin(), cause.places.end());
  return cause;
}

// A file that Python cannot compile: no traceback, but the place, the source line, a caret, and the error.
Cause python_syntax_error(const Lines& lines) {
  for (std::size_t i = lines.size(); i > 0; --i) {
    const std::string& line = lines[i - 1];
    const std::string_view name = std::string_view(line).substr(0, line.find(':'));
    if (name != "SyntaxError" && name != "IndentationError" && name != "TabError") continue;
    for (std::size_t j = i; j > 0 && i - j < 6; --j) {
      if (std::string place = python_place(lines[j - 1]); !place.empty()) return {line, {place}};
    }
  }
  return {};
}

Cause python_fault(const Lines& lines, std::size_t begin) {
  Cause cause{lines[begin - 1], {}};
  for (std::size_t i = begin; i < lines.size(); ++i) {
    if (std::string place = python_place(lines[i]); !place.empty()) cause.places.push_back(std::move(place));
  }
  return cause;
}

std::string demangle(const std::string& word) {
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> name(abi::__cxa_demangle(word.c_str(), nullptr, nullptr, &status),
                                                         &std::free);
  return name == nullptr ? word : name.get();
}

// "#3 main(+0x12ab) _Z4loadi+0x1f" with the symbol in C++.
std::string demangle_frame(const std::string& line) {
  const std::size_t begin = line.find("_Z");
  if (begin == std::string::npos) return line;
  const std::size_t end = std::min(line.find_first_of("+ )", begin), line.size());
  return line.substr(0, begin) + demangle(line.substr(begin, end - begin)) + line.substr(end);
}

bool is_library_frame(std::string_view frame) {
  static constexpr std::string_view libraries[] = {"libc.so",       "libstdc++.so", "libgcc_s.so",
                                                   "libpthread.so", "ld-linux",     "linux-vdso",
                                                   "std::",         "__cxa_",       "crash_report"};
  return std::any_of(std::begin(libraries), std::end(libraries),
                     [&](std::string_view name) { return frame.find(name) != std::string_view::npos; });
}

// crash_report.cpp's form: "smflow: crash: <headline>", then frames "#0 ...".
Cause crash_report(const Lines& lines, std::size_t begin, std::string_view mark) {
  Cause cause{lines[begin - 1].substr(mark.size()), {}};
  // what() may have lines of its own before the frames; libtorch's has a stack.
  std::size_t first = begin;
  while (first < lines.size() && !lines[first].starts_with("#0 ")) ++first;
  for (std::size_t i = first; i < lines.size() && lines[i].starts_with("#"); ++i) {
    std::string frame = demangle_frame(lines[i]);
    if (!is_library_frame(frame)) cause.places.push_back(std::move(frame));
  }
  return cause;
}

// "terminate called after throwing an instance of 'std::runtime_error'" and "  what():  text".
Cause terminate_message(const Lines& lines, std::size_t begin) {
  static constexpr std::string_view what = "  what():  ";
  const std::string& line = lines[begin - 1];
  const std::size_t quote = line.find('\'');
  if (quote == std::string::npos) return {line, {}};
  const std::string type = line.substr(quote + 1, line.rfind('\'') - quote - 1);
  for (std::size_t i = begin; i < lines.size() && i < begin + 3; ++i) {
    if (lines[i].starts_with(what)) return {type + ": " + lines[i].substr(what.size()), {}};
  }
  return {"uncaught " + type, {}};
}

Cause sanitizer_report(const Lines& lines) {
  for (std::size_t i = lines.size(); i > 0; --i) {
    const std::size_t at = lines[i - 1].find("Sanitizer: ");
    if (at == std::string::npos || !lines[i - 1].starts_with("==")) continue;
    Cause cause{lines[i - 1].substr(std::min(lines[i - 1].find("ERROR: ") + 7, at)), {}};
    for (std::size_t j = i; j < lines.size(); ++j) {
      const std::string frame(trim(lines[j]));
      const std::size_t in = frame.find(" in ");
      if (frame.starts_with("#") && in != std::string::npos && !is_library_frame(frame)) {
        cause.places.push_back(frame.substr(0, frame.find(' ')) + frame.substr(in));
      }
      if (frame.empty() && !cause.places.empty()) break;
    }
    return cause;
  }
  return {};
}

Cause any_cause(const Lines& lines) {
  static constexpr std::string_view crash = "smflow: crash: ";
  if (const std::size_t at = behind_last(lines, crash); at > 0) return crash_report(lines, at, crash);
  if (const std::size_t at = behind_last(lines, "Fatal Python error: "); at > 0) return python_fault(lines, at);
  if (Cause cause = sanitizer_report(lines); !cause.headline.empty()) return cause;
  if (const std::size_t at = behind_last(lines, "terminate called "); at > 0) return terminate_message(lines, at);
  if (const std::size_t at = behind_last(lines, "Traceback (most recent call last):"); at > 0) {
    return python_traceback(lines, at);
  }
  return python_syntax_error(lines);
}

}  // namespace

Cause find_cause(std::string_view tail) {
  Cause cause = any_cause(split(tail, '\n'));
  if (cause.places.size() > most_places) cause.places.resize(most_places);
  return cause;
}

}  // namespace smflow::runtime
