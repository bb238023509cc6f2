#include "owner.hpp"
#include "sandbox_channel.hpp"
#include "sandbox_spec.hpp"
#include "supervisor.hpp"
#include "system_call.hpp"

#include <array>
#include <csignal>
#include <cstdlib>
#include <cstring>

#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <smflow/base/files.hpp>
#include <smflow/engine/sandbox_main.hpp>

namespace smflow::engine {

namespace {

void write_text(const std::string& file, const std::string& text) {
  const UniqueFd fd(check(::open(file.c_str(), O_WRONLY | O_CLOEXEC), "open '" + file + "'"));
  check(::write(fd.get(), text.data(), text.size()), "write '" + file + "'");
}

// Root inside is the caller outside: every file the program makes belongs to the caller.
void map_user(uid_t user, gid_t group) {
  write_text("/proc/self/setgroups", "deny");
  write_text("/proc/self/uid_map", "0 " + std::to_string(user) + " 1");
  write_text("/proc/self/gid_map", "0 " + std::to_string(group) + " 1");
}

std::vector<UniqueFd> outputs_of(const SandboxSpec& spec) {
  std::vector<UniqueFd> outputs;
  for (std::size_t index = 0; index < spec.hosts.size(); ++index) {
    outputs.emplace_back(channel::first_output + static_cast<int>(index));
  }
  return outputs;
}

void supervise(const SandboxSpec& spec) {
  Supervisor(spec, channel::control, channel::status, outputs_of(spec)).run();
}

void tell_refused(const char* why) {
  std::string line = std::string(protocol::refused) + " " + why;
  for (char& c : line) c = c == '\n' ? ' ' : c;
  line += '\n';
  [[maybe_unused]] const ssize_t told = ::write(channel::status, line.data(), line.size());
}

template <class Action>
int reported(const Action& action) {
  try {
    action();
    return 0;
  } catch (const std::exception& failure) {
    tell_refused(failure.what());
    return 1;
  }
}

// Waits for the supervisor; kills it when the launcher goes away while it cannot see that itself.
void wait_for(pid_t supervisor) {
  const UniqueFd process(static_cast<int>(::syscall(SYS_pidfd_open, supervisor, 0)));
  std::array<pollfd, 2> events{{{process.get(), POLLIN, 0}, {channel::control, 0, 0}}};
  while (::poll(events.data(), events.size(), -1) < 0 && errno == EINTR) {
  }
  if (events[1].revents != 0 && events[0].revents == 0) ::kill(supervisor, SIGKILL);
  ::waitpid(supervisor, nullptr, 0);
}

void supervise_in_namespaces(const SandboxSpec& spec) {
  // Inside the new namespace, before the mapping, these would be "nobody".
  const uid_t user = ::geteuid();
  const gid_t group = ::getegid();
  unsigned long namespaces = CLONE_NEWPID;
  if (spec.isolation == Isolation::user_namespace) namespaces |= CLONE_NEWUSER;
  if (spec.network == Network::separate) namespaces |= CLONE_NEWNET;
  const auto supervisor = static_cast<pid_t>(
      check(::syscall(SYS_clone, namespaces | SIGCHLD, nullptr, nullptr, nullptr, nullptr), "make namespaces"));
  if (supervisor == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::_exit(reported([&] {
      if (spec.isolation == Isolation::user_namespace) map_user(user, group);
      supervise(spec);
    }));
  }
  outputs_of(spec).clear();  // the supervisor has them: the logs end when the hosts do
  wait_for(supervisor);
}

void run_sandbox(const SandboxSpec& spec) {
  if (spec.owner) become(*spec.owner);
  if (spec.isolation != Isolation::environment) return supervise_in_namespaces(spec);
  ::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
  supervise(spec);
}

// Nothing that the launcher happened to have open reaches the program, and nothing of ours does.
void close_on_exec(std::size_t hosts) {
  const auto last = static_cast<unsigned>(channel::first_output + static_cast<int>(hosts)) - 1;
  ::close_range(last + 1, ~0U, 0);
  for (int fd = channel::orders; fd <= static_cast<int>(last); ++fd) ::fcntl(fd, F_SETFD, FD_CLOEXEC);
}

int sandbox_main() {
  // A Ctrl-C in the launcher's terminal is the launcher's to answer.
  ::setsid();
  std::signal(SIGPIPE, SIG_IGN);
  const auto orders = read_file("/proc/self/fd/" + std::to_string(channel::orders));
  const auto spec = orders ? decode(*orders) : Result<SandboxSpec>(tl::unexpected(orders.error()));
  if (!spec) {
    tell_refused(spec.error().message.c_str());
    return 1;
  }
  close_on_exec(spec->hosts.size());
  return reported([&] { run_sandbox(*spec); });
}

}  // namespace

std::optional<int> run_if_sandbox(int argc, char** argv) {
  if (argc != 2 || std::strcmp(argv[1], channel::argument) != 0) return std::nullopt;
  return sandbox_main();
}

}  // namespace smflow::engine
