#include "sandbox.hpp"

#include "sandbox_channel.hpp"
#include "supervisor.hpp"
#include "system_call.hpp"

#include <array>
#include <charconv>
#include <csignal>
#include <cstring>
#include <optional>

#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace smflow::engine {

namespace {

Error not_started(const std::string& why) {
  return {.code = "E109",
          .exit = ExitCode::machine,
          .message = "the sandbox cannot be started: " + why,
          .fix = "allow user namespaces on this machine, or take LOCAL.ENGINE: container"};
}

// Above every number that the sandbox process expects, so that renumbering never overwrites one that is still needed.
UniqueFd raised(UniqueFd fd, int above) {
  return UniqueFd(check(::fcntl(fd.get(), F_DUPFD_CLOEXEC, above), "duplicate a file descriptor"));
}

Pipe raised(Pipe pipe, int above) {
  return {raised(std::move(pipe.read), above), raised(std::move(pipe.write), above)};
}

Pipe make_pipe(int above) {
  int ends[2];
  check(::pipe2(ends, O_CLOEXEC), "make a pipe");
  return raised({UniqueFd(ends[0]), UniqueFd(ends[1])}, above);
}

// Like a pipe, but a write to an end that nobody reads any more can be told not to raise a signal.
Pipe make_control(int above) {
  int ends[2];
  check(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), "make a socket pair");
  return raised({UniqueFd(ends[0]), UniqueFd(ends[1])}, above);
}

UniqueFd memory_file(const std::string& bytes, int above) {
  UniqueFd file(check(::memfd_create("smflow-sandbox", MFD_CLOEXEC), "make a memory file"));
  check(::write(file.get(), bytes.data(), bytes.size()), "write a memory file");
  return raised(std::move(file), above);
}

// posix_spawn's two objects with their clean-up.
class SpawnSettings {
 public:
  SpawnSettings() {
    ::posix_spawn_file_actions_init(&actions_);
    ::posix_spawnattr_init(&attributes_);
    sigset_t signals;
    ::sigemptyset(&signals);
    ::posix_spawnattr_setsigmask(&attributes_, &signals);
    ::sigfillset(&signals);
    ::posix_spawnattr_setsigdefault(&attributes_, &signals);
    ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  ~SpawnSettings() {
    ::posix_spawn_file_actions_destroy(&actions_);
    ::posix_spawnattr_destroy(&attributes_);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;

  void give(const UniqueFd& fd, int as) { ::posix_spawn_file_actions_adddup2(&actions_, fd.get(), as); }

  pid_t spawn_self() {
    std::string name = "smflow";
    std::string argument = channel::argument;
    char* arguments[] = {name.data(), argument.data(), nullptr};
    pid_t pid = -1;
    const int failed = ::posix_spawn(&pid, "/proc/self/exe", &actions_, &attributes_, arguments, environ);
    if (failed != 0) fail("start '/proc/self/exe'", failed);
    return pid;
  }

 private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

std::optional<HostEvent> parse_event(std::string_view line) {
  HostEvent event;
  if (line == protocol::timeout) event.kind = HostEvent::Kind::timeout;
  if (line == protocol::end || line == protocol::timeout) return event;
  const std::string prefix = std::string(protocol::exited) + " ";
  if (line.substr(0, prefix.size()) != prefix) return std::nullopt;
  event.kind = HostEvent::Kind::exited;
  const char* end = line.data() + line.size();
  const auto host = std::from_chars(line.data() + prefix.size(), end, event.host);
  if (host.ec != std::errc{} || host.ptr == end) return std::nullopt;
  if (std::from_chars(host.ptr + 1, end, event.exit_code).ec != std::errc{}) return std::nullopt;
  return event;
}

}  // namespace

Result<std::unique_ptr<Sandbox>> Sandbox::start(const SandboxSpec& spec, const UniqueFd& lock) {
  std::unique_ptr<Sandbox> sandbox(new Sandbox);
  if (auto spawned = sandbox->spawn(spec, lock); !spawned) return tl::unexpected(spawned.error());
  if (auto ready = sandbox->wait_until_ready(); !ready) return tl::unexpected(ready.error());
  return sandbox;
}

Result<void> Sandbox::spawn(const SandboxSpec& spec, const UniqueFd& lock) try {
  const int above = channel::first_output + static_cast<int>(spec.hosts.size());
  Pipe control = make_control(above);
  Pipe status = make_pipe(above);
  const UniqueFd orders = memory_file(encode(spec), above);
  const UniqueFd high_lock = raised(UniqueFd(check(::dup(lock.get()), "duplicate the lock")), above);
  SpawnSettings settings;
  settings.give(orders, channel::orders);
  settings.give(control.read, channel::control);
  settings.give(status.write, channel::status);
  settings.give(high_lock, channel::lock);
  std::vector<UniqueFd> ends;
  for (std::size_t host = 0; host < spec.hosts.size(); ++host) {
    Pipe output = make_pipe(above);
    settings.give(output.write, channel::first_output + static_cast<int>(host));
    check(::fcntl(output.read.get(), F_SETFL, O_NONBLOCK), "set up a pipe");
    outputs_.push_back(std::move(output.read));
    ends.push_back(std::move(output.write));
  }
  pid_ = settings.spawn_self();
  control_ = std::move(control.write);
  status_ = std::move(status.read);
  return {};
} catch (const CommandFailure& failure) {
  return tl::unexpected(not_started(failure.what()));
}

Result<void> Sandbox::wait_until_ready() {
  while (pending_.find('\n') == std::string::npos) {
    std::array<char, 4096> buffer{};
    const ssize_t got = ::read(status_.get(), buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return tl::unexpected(not_started("its process ended without a word"));
    pending_.append(buffer.data(), static_cast<std::size_t>(got));
  }
  const std::string line = pending_.substr(0, pending_.find('\n'));
  pending_.erase(0, line.size() + 1);
  ::fcntl(status_.get(), F_SETFL, O_NONBLOCK);
  if (line == protocol::ready) return {};
  return tl::unexpected(not_started(line.substr(std::min(line.size(), std::string(protocol::refused).size() + 1))));
}

std::vector<HostEvent> Sandbox::read_events() {
  std::array<char, 4096> buffer{};
  ssize_t got = 0;
  while ((got = ::read(status_.get(), buffer.data(), buffer.size())) > 0) {
    pending_.append(buffer.data(), static_cast<std::size_t>(got));
  }
  const bool closed = got == 0;
  std::vector<HostEvent> events;
  for (std::size_t end = 0; (end = pending_.find('\n')) != std::string::npos; pending_.erase(0, end + 1)) {
    if (const auto event = parse_event(std::string_view(pending_).substr(0, end))) events.push_back(*event);
  }
  const bool ended = !events.empty() && events.back().kind == HostEvent::Kind::end;
  if (closed && !ended) events.push_back({});
  return events;
}

void Sandbox::send(char wish) const {
  // The job may have ended a moment ago: no SIGPIPE for that.
  [[maybe_unused]] const ssize_t sent = ::send(control_.get(), &wish, 1, MSG_NOSIGNAL);
}

void Sandbox::stop() {
  send(protocol::stop);
}

void Sandbox::kill() {
  send(protocol::kill);
}

Sandbox::~Sandbox() {
  control_.reset();
  if (pid_ > 0) {
    while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
}

}  // namespace smflow::engine
