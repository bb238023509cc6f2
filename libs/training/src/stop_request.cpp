#include "smflow/training/stop_request.hpp"

#include <array>
#include <atomic>
#include <csignal>
#include <cstddef>

namespace smflow::training {

namespace {

std::atomic<int> received = 0;
static_assert(std::atomic<int>::is_always_lock_free);
constexpr std::array watched = {SIGTERM, SIGINT};
std::array<struct sigaction, watched.size()> before;

// SA_RESETHAND gives the second signal its default action.
void remember(int signal_number) {
  received = signal_number;
}

}  // namespace

StopRequest::StopRequest() {
  received = 0;
  struct sigaction action = {};
  action.sa_handler = remember;
  action.sa_flags = SA_RESTART | SA_RESETHAND;
  sigemptyset(&action.sa_mask);
  for (std::size_t i = 0; i < watched.size(); ++i) sigaction(watched[i], &action, &before[i]);
}

StopRequest::~StopRequest() {
  for (std::size_t i = 0; i < watched.size(); ++i) sigaction(watched[i], &before[i], nullptr);
}

int StopRequest::signal() const {
  return received;
}

}  // namespace smflow::training
