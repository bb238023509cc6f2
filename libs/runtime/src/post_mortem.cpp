#include <algorithm>
#include <array>
#include <cctype>
#include <cstring>

#include <fcntl.h>
#include <link.h>
#include <sys/sendfile.h>
#include <unistd.h>

#include <smflow/base/files.hpp>
#include <smflow/base/text.hpp>
#include <smflow/runtime/capture.hpp>
#include <smflow/runtime/post_mortem.hpp>

namespace smflow::runtime {

namespace fs = std::filesystem;

namespace {

// "#4  0x00005555 in load (i=42) at loader.cpp:11" without number and address; empty for another line.
std::string frame_text(std::string_view line) {
  if (line.size() < 2 || line[0] != '#' || std::isdigit(static_cast<unsigned char>(line[1])) == 0) return {};
  line.remove_prefix(std::min(line.find(' '), line.size()));
  line = trim(line);
  if (line.substr(0, 2) == "0x") {
    const std::size_t in = line.find(" in ");
    line = in == std::string_view::npos ? std::string_view() : line.substr(in + 4);
  }
  return std::string(line);
}

bool is_users(std::string_view frame) {
  const std::size_t at = frame.rfind(" at ");
  if (at == std::string_view::npos) return false;
  const std::string_view source = frame.substr(at + 4);
  static constexpr std::string_view foreign[] = {"/usr/include/", "/usr/src/", "../sysdeps/", "./nptl/",
                                                 "./stdlib/",     "./signal/", "./csu/",      "libstdc++",
                                                 "crash_report",  "./string/"};
  return std::none_of(std::begin(foreign), std::end(foreign),
                      [&](std::string_view part) { return source.find(part) != std::string_view::npos; });
}

// A file that is being written may have no header yet: none is then.
bool is_elf_core(const fs::path& file) {
  const UniqueFd opened(open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  std::array<char, EI_NIDENT + sizeof(ElfW(Half))> head{};
  if (!opened || read(opened.get(), head.data(), head.size()) != static_cast<ssize_t>(head.size())) return false;
  ElfW(Half) type = ET_NONE;
  std::memcpy(&type, head.data() + EI_NIDENT, sizeof type);
  return std::memcmp(head.data(), ELFMAG, SELFMAG) == 0 && type == ET_CORE;
}

Error cannot_keep(const fs::path& core) {
  return system_error("cannot keep the core '" + core.string() + "'", errno);
}

// The parts that have data; the rest stays a hole.
Result<void> copy_data(const UniqueFd& from, const UniqueFd& to, const fs::path& core) {
  const off_t size = lseek(from.get(), 0, SEEK_END);
  if (size < 0 || ftruncate(to.get(), size) != 0) return tl::unexpected(cannot_keep(core));
  for (off_t at = lseek(from.get(), 0, SEEK_DATA); at >= 0 && at < size; at = lseek(from.get(), at, SEEK_DATA)) {
    const off_t end = lseek(from.get(), at, SEEK_HOLE);
    lseek(to.get(), at, SEEK_SET);
    while (at < end) {
      if (sendfile(to.get(), from.get(), &at, static_cast<std::size_t>(end - at)) <= 0) {
        return tl::unexpected(cannot_keep(core));
      }
    }
  }
  return {};
}

}  // namespace

Result<void> move_core(const fs::path& core, const fs::path& place) {
  std::error_code failed;
  fs::rename(core, place, failed);
  if (!failed) return {};
  const UniqueFd from(open(core.c_str(), O_RDONLY | O_CLOEXEC));
  const UniqueFd to(open(place.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (!from || !to) return tl::unexpected(cannot_keep(core));
  const auto copied = copy_data(from, to, core);
  fs::remove(copied ? core : place, failed);
  return copied;
}

fs::path find_core(const ProgramEnd& end, const fs::path& folder, const fs::path& pattern_file) {
  const auto text = read_file(pattern_file, 4096);
  const std::string pattern(trim(text ? *text : std::string("core")));
  if (!end.dumped || pattern.empty() || pattern.front() == '|') return {};
  const fs::path where = pattern.front() == '/' ? fs::path(pattern).parent_path() : folder;
  const std::string name = fs::path(pattern).filename().string();
  const std::string fixed = name.substr(0, name.find('%'));
  fs::path newest;
  // File times come from a coarser clock than ours.
  fs::file_time_type newest_time = end.started - std::chrono::seconds(1);
  std::error_code failed;
  for (fs::directory_iterator entry(where, failed), last; !failed && entry != last; entry.increment(failed)) {
    std::error_code ignored;
    const fs::file_time_type time = entry->last_write_time(ignored);
    const bool ours = entry->path().filename().string().substr(0, fixed.size()) == fixed;
    if (!ours || ignored || !entry->is_regular_file(ignored) || time < newest_time || !is_elf_core(entry->path())) {
      continue;
    }
    newest = entry->path();
    newest_time = time;
  }
  return newest;
}

std::string backtrace_of_core(const std::string& program, const fs::path& core, std::chrono::milliseconds timeout) {
  return capture({"gdb", "-nx", "-q", "-batch", "-ex", "set width 0", "-ex", "set print frame-arguments scalars", "-ex",
                  "set print entry-values no", "-ex", "bt 40", program, core.string()},
                 timeout)
      .value_or("");
}

std::vector<std::string> user_frames(std::string_view backtrace, std::size_t most) {
  std::vector<std::string> users, named;
  for (const std::string& line : split(backtrace, '\n')) {
    const std::string frame = frame_text(line);
    if (frame.empty() || frame.substr(0, 2) == "??") continue;
    std::vector<std::string>& frames = is_users(frame) ? users : named;
    if (frames.empty() || frames.back() != frame) frames.push_back(frame);
  }
  std::vector<std::string>& frames = users.empty() ? named : users;
  if (frames.size() > most) frames.resize(most);
  return frames;
}

std::vector<std::string> source_frames(std::string_view tail, const fs::path& program, std::size_t most) {
  const std::string mark = program.filename().string() + "(+0x";
  std::vector<std::string> command = {"addr2line", "-C", "-f", "-p", "-s", "-e", program.string()};
  const std::size_t plain = command.size();
  const std::size_t report = tail.rfind("smflow: crash: ");
  if (report == std::string_view::npos) return {};
  for (const std::string& line : split(tail.substr(report), '\n')) {
    const std::size_t at = line.find(mark);
    if (line.substr(0, 1) != "#" || at == std::string::npos) continue;
    const std::size_t begin = at + mark.size() - 2;
    command.push_back(line.substr(begin, line.find(')', begin) - begin));
  }
  if (command.size() == plain) return {};
  std::vector<std::string> frames;
  for (const std::string& line : split(capture(command, std::chrono::seconds(20)).value_or(""), '\n')) {
    if (line.find(" at ") == std::string::npos || line.find("??") != std::string::npos ||
        line.substr(0, 6) == "_start") {
      continue;
    }
    if (frames.size() < most) frames.push_back(line.substr(0, line.find(" (discriminator")));
  }
  return frames;
}

}  // namespace smflow::runtime
