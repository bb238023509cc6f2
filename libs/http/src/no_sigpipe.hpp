#pragma once

#include <csignal>
#include <ctime>

namespace smflow::http {

// Keeps SIGPIPE from the thread: older libcurl lets OpenSSL write to a closed socket without MSG_NOSIGNAL.
class NoSigpipe {
 public:
  NoSigpipe() {
    sigset_t pending = {};
    sigpending(&pending);
    was_pending_ = sigismember(&pending, SIGPIPE) == 1;
    sigemptyset(&sigpipe_);
    sigaddset(&sigpipe_, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &sigpipe_, &before_);
  }
  ~NoSigpipe() {
    const timespec at_once = {};
    if (!was_pending_) {
      while (sigtimedwait(&sigpipe_, nullptr, &at_once) == SIGPIPE) {
      }
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  NoSigpipe(const NoSigpipe&) = delete;
  NoSigpipe& operator=(const NoSigpipe&) = delete;

 private:
  sigset_t sigpipe_ = {};
  sigset_t before_ = {};
  bool was_pending_ = false;
};

}  // namespace smflow::http
