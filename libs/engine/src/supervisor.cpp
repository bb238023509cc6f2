#include "supervisor.hpp"

#include "process_tree.hpp"
#include "rtnetlink.hpp"
#include "system_call.hpp"

#include <algorithm>
#include <array>
#include <csignal>

#include <poll.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <smflow/base/poll_timeout.hpp>

namespace smflow::engine {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

// Between two tries to deliver a SIGTERM that the process is not ready for.
constexpr milliseconds terminate_again{20};
constexpr milliseconds look_for_debugger{1000};

UniqueFd watch_children() {
  sigset_t signals;
  ::sigemptyset(&signals);
  ::sigaddset(&signals, SIGCHLD);
  ::sigprocmask(SIG_BLOCK, &signals, nullptr);
  return UniqueFd(check(::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK), "watch child processes"));
}

}  // namespace

Supervisor::Supervisor(const SandboxSpec& spec, int control, int status, std::vector<UniqueFd> outputs)
    : spec_(spec), control_(control), status_(status), outputs_(std::move(outputs)), children_(watch_children()) {}

void Supervisor::run() {
  start_hosts();
  tell(protocol::ready);
  looked_ = steady_clock::now();
  run_until_ = looked_ + spec_.max_run_time;
  watch();
  // Without a process namespace whatever the program left running is still there.
  if (spec_.isolation == Isolation::environment) kill_descendants();
  tell(protocol::end);
}

void Supervisor::start_hosts() {
  for (std::size_t index = 0; index < spec_.hosts.size(); ++index) {
    hosts_.push_back({HostProcess::start(spec_, index, std::move(outputs_[index]))});
  }
  alive_ = hosts_.size();
  for (std::size_t index = 0; index < hosts_.size(); ++index)
    hosts_[index].process.tell_number(spec_.hosts[index].folder);
  if (spec_.network == Network::separate) connect_hosts();
  for (Host& host : hosts_) host.process.release();
  for (Host& host : hosts_) host.process.wait_until_running();
}

void Supervisor::connect_hosts() {
  NetworkConfigurator network;
  network.set_up("lo");
  network.add_bridge("br0");
  network.set_up("br0");
  for (std::size_t index = 0; index < hosts_.size(); ++index) {
    const std::string name = "host" + std::to_string(index + 1);
    network.add_veth(name, "br0", "eth0", hosts_[index].process.pid());
    network.set_up(name);
  }
}

void Supervisor::watch() {
  while (alive_ > 0) {
    const auto next = next_time();
    const int timeout = next ? poll_timeout(*next) : -1;
    std::array<pollfd, 2> events{{{children_.get(), POLLIN, 0}, {control_, POLLIN, 0}}};
    if (::poll(events.data(), events.size(), timeout) < 0 && errno != EINTR) fail("wait for the hosts");
    if (events[0].revents != 0) reap();
    if (events[1].revents != 0) read_control();
    act_on_time(steady_clock::now());
  }
}

void Supervisor::read_control() {
  char wish = 0;
  const ssize_t got = ::read(control_, &wish, 1);
  if (got < 0 && errno == EINTR) return;
  if (got <= 0) {  // the launcher is gone
    if (spec_.isolation == Isolation::environment) kill_descendants();
    ::_exit(137);
  }
  if (wish == protocol::kill) kill();
  if (wish == protocol::stop) stop();
}

void Supervisor::reap() {
  signalfd_siginfo ignored{};
  while (::read(children_.get(), &ignored, sizeof ignored) == sizeof ignored) {
  }
  int status = 0;
  pid_t pid = 0;
  while ((pid = ::waitpid(-1, &status, WNOHANG)) > 0) {
    for (Host& host : hosts_) {
      if (host.process.pid() == pid) host_ended(host, exit_code(status));
    }
  }
}

void Supervisor::host_ended(Host& host, int code) {
  host.alive = false;
  --alive_;
  tell(std::string(protocol::exited) + " " + std::to_string(&host - hosts_.data()) + " " + std::to_string(code));
  // One failed host fails the job: the others are asked to save what they have.
  if (code != 0) stop();
}

std::optional<Supervisor::Time> Supervisor::next_time() const {
  if (!kill_at_) return std::min(*run_until_, looked_ + look_for_debugger);
  const bool waiting =
      std::any_of(hosts_.begin(), hosts_.end(), [](const Host& h) { return h.alive && !h.terminated; });
  return waiting ? std::min(*kill_at_, steady_clock::now() + terminate_again) : *kill_at_;
}

void Supervisor::act_on_time(Time now) {
  give_time_to_debugger(now);
  if (kill_at_) {
    terminate_hosts();
    if (now >= *kill_at_) kill();
  } else if (now >= *run_until_) {
    tell(protocol::timeout);
    stop();
  }
}

void Supervisor::give_time_to_debugger(Time now) {
  if (kill_at_ || now - looked_ < look_for_debugger) return;
  const bool held = std::any_of(hosts_.begin(), hosts_.end(),
                                [](const Host& host) { return host.alive && host.process.is_held_by_debugger(); });
  if (held) *run_until_ += now - looked_;
  looked_ = now;
}

void Supervisor::stop() {
  if (kill_at_) return;
  kill_at_ = steady_clock::now() + spec_.stop_grace;
  terminate_hosts();
}

void Supervisor::terminate_hosts() {
  for (Host& host : hosts_) {
    if (host.alive && !host.terminated) host.terminated = host.process.terminate();
  }
}

void Supervisor::kill() {
  for (const Host& host : hosts_) {
    if (host.alive) host.process.kill();
  }
  kill_at_ = steady_clock::now() + std::chrono::seconds(1);
}

// Lines are shorter than PIPE_BUF, so they arrive whole.
void Supervisor::tell(const std::string& line) const {
  const std::string text = line + "\n";
  [[maybe_unused]] const ssize_t told = ::write(status_, text.data(), text.size());
}

}  // namespace smflow::engine
