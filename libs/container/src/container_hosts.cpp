#include "container_hosts.hpp"

#include <algorithm>
#include <csignal>

#include <fcntl.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <smflow/contract/contract.hpp>

namespace smflow::container {

namespace {

using engine::HostEvent;

// How long a container may take to die once it has been killed, before it is killed again.
constexpr std::chrono::seconds kill_again{1};
constexpr std::chrono::seconds look_for_debugger{1};
constexpr int pipe_bytes = 1 << 20;

// A launcher that does not read any more is no reason to die.
void ignore_broken_pipes() {
  sigset_t signals;
  ::sigemptyset(&signals);
  ::sigaddset(&signals, SIGPIPE);
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

}  // namespace

Result<std::unique_ptr<ContainerHosts>> ContainerHosts::start(Parts parts) {
  std::unique_ptr<ContainerHosts> hosts(new ContainerHosts(std::move(parts)));
  if (auto running = hosts->run(); !running) return tl::unexpected(std::move(running).error());
  return hosts;
}

ContainerHosts::ContainerHosts(Parts parts)
    : parts_(std::move(parts)), signal_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

Result<void> ContainerHosts::run() {
  for (std::size_t index = 0; index < parts_.containers.size(); ++index) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return tl::unexpected(system_error("cannot make a pipe", errno));
    outputs_.emplace_back(ends[0]);
    inputs_.emplace_back(ends[1]);
    ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
    ::fcntl(ends[1], F_SETPIPE_SZ, pipe_bytes);
  }
  for (const HostContainer& container : parts_.containers) {
    if (auto started = container.start(); !started) return started;
  }
  for (const HostContainer& container : parts_.containers) processes_.push_back(container.process());
  alive_ = parts_.containers.size();
  looked_ = std::chrono::steady_clock::now();
  run_until_ = looked_ + parts_.max_run_time;
  for (std::size_t index = 0; index < parts_.containers.size(); ++index) {
    followers_.emplace_back([this, index, output = std::move(inputs_[index])] { follow(index, output); });
  }
  supervisor_ = std::thread([this] { supervise(); });
  return {};
}

ContainerHosts::~ContainerHosts() {
  {
    const std::lock_guard lock(mutex_);
    abandoned_ = true;
    wish_ = Wish::kill;
  }
  changed_.notify_all();
  // A follower may wait for a reader of its log.
  outputs_.clear();
  if (supervisor_.joinable()) supervisor_.join();
  cancel_.request_stop();
  for (std::thread& follower : followers_) follower.join();
}

std::vector<HostEvent> ContainerHosts::read_events() {
  std::uint64_t count = 0;
  [[maybe_unused]] const ssize_t read = ::read(signal_.get(), &count, sizeof count);
  const std::lock_guard lock(mutex_);
  std::vector<HostEvent> events(events_.begin(), events_.end());
  events_.clear();
  return events;
}

void ContainerHosts::tell(HostEvent event) {
  events_.push_back(std::move(event));
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = ::write(signal_.get(), &one, sizeof one);
}

void ContainerHosts::stop() {
  want(Wish::stop);
}

void ContainerHosts::kill() {
  want(Wish::kill);
}

void ContainerHosts::want(Wish wish) {
  {
    const std::lock_guard lock(mutex_);
    wish_ = std::max(wish_, wish);
  }
  changed_.notify_all();
}

void ContainerHosts::follow(std::size_t index, const UniqueFd& output) {
  ignore_broken_pipes();
  const HostContainer& container = parts_.containers[index];
  const auto ending = container.follow(output, cancel_.get_token());
  std::optional<WallTime> failed;
  if (ending && ending->exit_code != 0) {
    // The reason of a failure is wanted as soon as the failure is known.
    const std::filesystem::path failure_file = contract::Paths{}.failure_file();
    const std::lock_guard fetching(fetching_);
    static_cast<void>(container.fetch(failure_file));
    failed = container.changed(failure_file).value_or(std::nullopt);
  }
  const std::lock_guard lock(mutex_);
  --alive_;
  if (ending) {
    tell({.kind = HostEvent::Kind::exited,
          .host = index,
          .exit_code = ending->exit_code,
          .out_of_memory = ending->out_of_memory,
          .failed = failed});
  } else if (lost_.empty()) {
    lost_ = ending.error().message;
  }
  // One failed host fails the job: the others are asked to save what they have.
  if (!ending || ending->exit_code != 0) wish_ = std::max(wish_, Wish::stop);
  changed_.notify_all();
}

void ContainerHosts::supervise() {
  std::unique_lock lock(mutex_);
  while (alive_ > 0) {
    const Wish seen = wish_;  // one that comes while signals are sent is seen at once
    act(lock);
    if (alive_ == 0) break;
    changed_.wait_until(lock, kill_at_.value_or(std::min(run_until_, looked_ + look_for_debugger)),
                        [&] { return alive_ == 0 || wish_ != seen; });
    if (abandoned_ && alive_ > 0) cancel_.request_stop();
  }
  const bool wanted = !abandoned_;
  std::string problem = lost_;
  lock.unlock();
  if (wanted) {
    const std::string not_had = fetch_all();
    if (problem.empty()) problem = not_had;
  }
  lock.lock();
  tell({.kind = HostEvent::Kind::end, .problem = std::move(problem)});
}

// Calls of the engine take their time: they are made without the lock.
void ContainerHosts::act(std::unique_lock<std::mutex>& lock) {
  const Time now = std::chrono::steady_clock::now();
  give_time_to_debugger(now);
  if (!kill_at_ && now >= run_until_) {
    tell({.kind = HostEvent::Kind::timeout});
    wish_ = std::max(wish_, Wish::stop);
  }
  if (wish_ == Wish::kill || (kill_at_ && now >= *kill_at_)) {
    kill_at_ = now + kill_again;
    lock.unlock();
    signal_all("SIGKILL");
    lock.lock();
  } else if (wish_ == Wish::stop && !kill_at_) {
    kill_at_ = now + parts_.stop_grace;
    lock.unlock();
    signal_all("SIGTERM");
    lock.lock();
  }
}

void ContainerHosts::give_time_to_debugger(Time now) {
  if (kill_at_ || now - looked_ < look_for_debugger) return;
  if (std::any_of(processes_.begin(), processes_.end(), engine::debugger_holds)) run_until_ += now - looked_;
  looked_ = now;
}

void ContainerHosts::signal_all(const char* name) const {
  for (const HostContainer& container : parts_.containers) container.signal(name);
}

std::string ContainerHosts::fetch_all() {
  const std::lock_guard fetching(fetching_);
  std::string problem;
  for (const HostContainer& container : parts_.containers) {
    for (const std::filesystem::path& path : parts_.leaves) {
      const auto fetched = container.fetch(path);
      if (!fetched && problem.empty()) problem = fetched.error().message;
    }
  }
  return problem;
}

Result<void> ContainerHosts::refresh(const std::filesystem::path& path) {
  const std::lock_guard fetching(fetching_);
  for (HostContainer& container : parts_.containers) {
    if (auto fetched = container.fetch_if_changed(path); !fetched) return fetched;
  }
  return {};
}

}  // namespace smflow::container
