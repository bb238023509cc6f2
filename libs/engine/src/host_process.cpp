#include "host_process.hpp"

#include "debugging.hpp"
#include "host_folders.hpp"
#include "private_root.hpp"
#include "rtnetlink.hpp"
#include "system_call.hpp"

#include <array>
#include <csignal>
#include <vector>

#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <smflow/base/files.hpp>
#include <smflow/base/text.hpp>

namespace smflow::engine {

namespace {

// fork, in one step with new namespaces.
pid_t clone_process(unsigned long namespaces) {
  return static_cast<pid_t>(::syscall(SYS_clone, namespaces | SIGCHLD, nullptr, nullptr, nullptr, nullptr));
}

unsigned long namespaces_of(const SandboxSpec& spec) {
  if (spec.isolation == Isolation::environment) return 0;
  unsigned long flags = CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWPID;
  if (spec.network == Network::separate) flags |= CLONE_NEWNET;
  return flags;
}

// What a container of Docker's keeps. The rest would let a program undo the sandbox around it.
constexpr std::array kept_capabilities = {
    CAP_CHOWN,   CAP_DAC_OVERRIDE, CAP_FOWNER,           CAP_FSETID,  CAP_KILL,       CAP_SETGID, CAP_SETUID,
    CAP_SETPCAP, CAP_SETFCAP,      CAP_NET_BIND_SERVICE, CAP_NET_RAW, CAP_SYS_CHROOT, CAP_MKNOD,  CAP_AUDIT_WRITE};

void drop_capabilities() {
  for (int capability = 0; ::prctl(PR_CAPBSET_READ, capability) >= 0; ++capability) {
    bool kept = false;
    for (const int wanted : kept_capabilities) kept = kept || wanted == capability;
    if (!kept) ::prctl(PR_CAPBSET_DROP, capability);
  }
  ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

void set_apart(const SandboxSpec& spec, std::size_t index) {
  const HostSpec& host = spec.hosts[index];
  if (spec.network == Network::separate) {
    NetworkConfigurator network;
    network.set_up("lo");
    network.add_address("eth0", host_address(spec.network, index));
    network.set_up("eth0");
  }
  check(::sethostname(host.name.data(), host.name.size()), "set the host name");
  enter_private_root(spec, host);
  check(::chdir("/opt/ml"), "enter '/opt/ml'");
  drop_capabilities();
}

void connect_streams(const UniqueFd& output) {
  const UniqueFd nothing(check(::open("/dev/null", O_RDWR | O_CLOEXEC), "open '/dev/null'"));
  check(::dup2(nothing.get(), STDIN_FILENO), "redirect the input");
  check(::dup2(output.get(), STDOUT_FILENO), "redirect the output");
  check(::dup2(output.get(), STDERR_FILENO), "redirect the output");
}

[[noreturn]] void become_entrypoint(const SandboxSpec& spec, const HostSpec& host) {
  const bool apart = spec.isolation != Isolation::environment;
  const std::string program = apart ? entrypoint_in_sandbox : spec.entrypoint.string();
  std::vector<std::string> variables;
  for (const auto& [name, value] : host.environment) variables.push_back(name + "=" + value);
  std::vector<char*> environment;
  for (std::string& variable : variables) environment.push_back(variable.data());
  environment.push_back(nullptr);
  std::string name = "train";
  char* arguments[] = {name.data(), nullptr};
  std::signal(SIGPIPE, SIG_DFL);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::execve(program.c_str(), arguments, environment.data());
  fail("run '" + spec.entrypoint.string() + "'");
}

[[noreturn]] void host_main(const SandboxSpec& spec, std::size_t index, int go, int report, const UniqueFd& output) {
  try {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    char byte = 0;
    if (::read(go, &byte, 1) != 1) ::_exit(125);  // the supervisor is gone
    connect_streams(output);
    ::setsid();
    if (spec.isolation != Isolation::environment) {
      set_apart(spec, index);
    } else {
      check(::chdir((spec.hosts[index].folder / "ml").c_str()), "enter the job's folder");
    }
    become_entrypoint(spec, spec.hosts[index]);
  } catch (const std::exception& failure) {
    const std::string_view text = failure.what();
    [[maybe_unused]] const ssize_t told = ::write(report, text.data(), text.size());
  }
  ::_exit(125);
}

// The process id as /proc has it, which is the machine's and not our namespace's. Empty when it cannot be known.
std::string number_in_proc(pid_t pid) {
  const UniqueFd process(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  if (!process) return {};
  const auto info = read_file("/proc/self/fdinfo/" + std::to_string(process.get()));
  const std::size_t at = info ? info->find("Pid:") : std::string::npos;
  if (at == std::string::npos) return {};
  const std::size_t end = info->find('\n', at);
  return std::string(trim(std::string_view(*info).substr(at + 4, end - at - 4)));
}

bool handles_sigterm(pid_t pid) {
  const std::string number = number_in_proc(pid);
  const auto status = number.empty() ? Result<std::string>("") : read_file("/proc/" + number + "/status");
  if (!status || status->empty()) return true;  // cannot tell
  unsigned long long mask = 0;
  for (const char* field : {"\nSigCgt:", "\nSigBlk:"}) {
    const std::size_t at = status->find(field);
    if (at != std::string::npos) mask |= std::strtoull(status->c_str() + at + 8, nullptr, 16);
  }
  return (mask >> (SIGTERM - 1) & 1) != 0;
}

}  // namespace

HostProcess HostProcess::start(const SandboxSpec& spec, std::size_t index, UniqueFd output) {
  Pipe go = make_pipe();
  Pipe report = make_pipe();
  const pid_t pid = check(clone_process(namespaces_of(spec)), "make a process with its own namespaces");
  if (pid == 0) {
    go.write.reset();
    host_main(spec, index, go.read.get(), report.write.get(), output);
  }
  return HostProcess(pid, spec.isolation != Isolation::environment, std::move(go.write), std::move(report.read));
}

void HostProcess::release() {
  check(::write(go_.get(), "g", 1), "start a host");
  go_.reset();
}

void HostProcess::wait_until_running() {
  std::string failure;
  std::array<char, 1024> buffer{};
  ssize_t got = 0;
  while ((got = ::read(report_.get(), buffer.data(), buffer.size())) > 0) {
    failure.append(buffer.data(), static_cast<std::size_t>(got));
  }
  report_.reset();
  if (!failure.empty())
    throw CommandFailure(Error{.code = "E109",
                               .exit = ExitCode::machine,
                               .message = failure,
                               .fix = "allow user namespaces on this machine, or take LOCAL.ENGINE: container"});
}

bool HostProcess::terminate() const {
  if (first_of_namespace_ && !handles_sigterm(pid_)) return false;
  ::kill(pid_, SIGTERM);
  return true;
}

void HostProcess::tell_number(const std::filesystem::path& folder) const {
  static_cast<void>(write_text(folder / process_file, number_in_proc(pid_)));
}

bool HostProcess::is_held_by_debugger() const {
  const std::string number = number_in_proc(pid_);
  return !number.empty() && debugger_holds(static_cast<pid_t>(std::strtol(number.c_str(), nullptr, 10)));
}

void HostProcess::kill() const {
  ::kill(pid_, SIGKILL);
}

std::string host_address(Network network, std::size_t index) {
  return (network == Network::separate ? "10.99.0." : "127.0.0.") + std::to_string(index + 1);
}

}  // namespace smflow::engine
