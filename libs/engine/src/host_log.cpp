#include "host_log.hpp"

#include <algorithm>
#include <cerrno>

#include <fcntl.h>
#include <unistd.h>

#include <smflow/base/redact.hpp>
#include <smflow/base/text.hpp>

namespace smflow::engine {

namespace {

constexpr std::size_t tail_lines = 12;
constexpr std::size_t tail_line_bytes = 300;
constexpr std::size_t read_size = 64 << 10;
constexpr std::string_view key_end = "-----END ";
constexpr std::string_view private_key_mark = "[redacted:private-key]";
constexpr int longest_private_key = 200;  // lines

bool equal_without_case(char a, char b) {
  return (a | 0x20) == b;
}

bool contains_without_case(std::string_view text, std::string_view lower) {
  const char first = lower.front();
  const char both[] = {first, static_cast<char>(first & ~0x20), '\0'};
  for (std::size_t at = text.find_first_of(both); at != std::string_view::npos; at = text.find_first_of(both, at + 1)) {
    const std::string_view here = text.substr(at, lower.size());
    if (std::equal(here.begin(), here.end(), lower.begin(), lower.end(), equal_without_case)) return true;
  }
  return false;
}

}  // namespace

bool may_hold_a_secret(std::string_view line) {
  for (const std::string_view beginning : {"AKIA", "ASIA", "gh", "hf_", "sk-", "xox", "AIza", "eyJ", "://", "-----"}) {
    if (line.find(beginning) != std::string_view::npos) return true;
  }
  // Every label that redact() knows has one of these in it, and all are rare in logs.
  return contains_without_case(line, "key") || contains_without_case(line, "token") ||
         contains_without_case(line, "signature");
}

HostLog::HostLog(std::string host, std::filesystem::path file, const Clock& clock)
    : host_(std::move(host)),
      file_path_(std::move(file)),
      clock_(clock),
      file_(::open(file_path_.c_str(), O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0644)) {}

bool HostLog::pump(int pipe, plan::JobObserver& observer) {
  char buffer[read_size];
  const ssize_t got = ::read(pipe, buffer, sizeof buffer);
  if (got < 0) return errno == EINTR || errno == EAGAIN;
  if (got == 0) return false;
  splitter_.feed({buffer, static_cast<std::size_t>(got)}, [&](std::string_view line) { take(line, observer); });
  write_out();
  return true;
}

void HostLog::finish(plan::JobObserver& observer) {
  splitter_.finish([&](std::string_view line) { take(line, observer); });
  write_out();
  file_.reset();
}

void HostLog::take(std::string_view line, plan::JobObserver& observer) {
  std::string clean;
  if (inside_private_key_) {
    // A key that never ends hides no more of a log than a key is long.
    inside_private_key_ = line.find(key_end) == std::string_view::npos && ++private_key_lines_ < longest_private_key;
    return;
  }
  if (may_hold_a_secret(line)) {
    clean = redact(line);
    inside_private_key_ = clean.ends_with(private_key_mark) && line.find(key_end) == std::string_view::npos;
    private_key_lines_ = 0;
    line = clean;
  }
  observer.on_log(host_, line, clock_.now());
  remember(line);
  unwritten_.append(line);
  unwritten_ += '\n';
}

void HostLog::remember(std::string_view line) {
  if (trim(line).empty()) return;
  if (tail_.size() == tail_lines) tail_.pop_front();
  tail_.emplace_back(utf8_prefix(line, tail_line_bytes));
}

void HostLog::write_out() {
  std::string_view left = unwritten_;
  while (file_ && !left.empty()) {
    const ssize_t written = ::write(file_.get(), left.data(), left.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) file_.reset();
    if (written > 0) left.remove_prefix(static_cast<std::size_t>(written));
  }
  unwritten_.clear();
}

}  // namespace smflow::engine
