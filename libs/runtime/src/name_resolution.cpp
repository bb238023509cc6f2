#include <algorithm>

#include <netdb.h>
#include <sys/socket.h>

#include <smflow/base/clock.hpp>
#include <smflow/base/text.hpp>
#include <smflow/runtime/name_resolution.hpp>

namespace smflow::runtime {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

namespace {

constexpr milliseconds first_wait{100};
constexpr milliseconds longest_wait{30'000};

Error stopped_early(int signal) {
  return {.code = "E230",
          .exit = static_cast<ExitCode>(128 + signal),
          .message = "stopped by " + signal_name(signal) + " before the program was started"};
}

Error no_address(const std::string& host, milliseconds patience) {
  return {.code = "E227",
          .exit = ExitCode::service,
          .message = "the host '" + printable(host) + "' has no address after " + format_duration(patience),
          .fix = "check that every host of the job has started; the security group must let them reach each other"};
}

// Nothing while no signal asks to stop, within `wait`.
std::optional<Error> pause(SignalInbox& signals, milliseconds wait) {
  const auto until = Clock::now() + wait;
  while (Clock::now() < until) {
    const auto left = std::chrono::ceil<milliseconds>(until - Clock::now());
    const std::optional<int> signal = signals.next(left);
    if (signal && (*signal == SIGTERM || *signal == SIGINT)) return stopped_early(*signal);
  }
  return std::nullopt;
}

}  // namespace

bool resolves(const std::string& host) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* addresses = nullptr;
  if (getaddrinfo(host.c_str(), nullptr, &hints, &addresses) != 0) return false;
  freeaddrinfo(addresses);
  return true;
}

Result<void> wait_for_hosts(const std::vector<std::string>& hosts, SignalInbox& signals,
                            const std::function<bool(const std::string&)>& try_host, milliseconds patience) {
  const auto deadline = Clock::now() + patience;
  milliseconds wait = first_wait;
  for (const std::string& host : hosts) {
    while (!try_host(host)) {
      if (Clock::now() >= deadline) return tl::unexpected(no_address(host, patience));
      if (auto stopped = pause(signals, wait)) return tl::unexpected(*std::move(stopped));
      wait = std::min(wait * 2, longest_wait);
    }
  }
  return {};
}

}  // namespace smflow::runtime
