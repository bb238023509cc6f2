#include <condition_variable>
#include <mutex>
#include <thread>

#include <dlfcn.h>
#include <gtest/gtest.h>
#include <netdb.h>

#include <smflow/http/transport.hpp>

namespace {

constexpr std::string_view silent_host = "silent.example";

// A name server that does not answer before it is told to.
struct Silence {
  std::mutex mutex;
  std::condition_variable changed;
  bool asked = false;
  bool ended = false;
  bool gone = false;

  void keep() {
    std::unique_lock lock(mutex);
    asked = true;
    changed.notify_all();
    changed.wait_for(lock, std::chrono::seconds(60), [&] { return ended; });
    gone = true;
    changed.notify_all();
  }
  void wait_for_question() {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return asked; });
  }
  bool is_kept() {
    const std::lock_guard lock(mutex);
    return asked && !gone;
  }
  void end() {
    std::unique_lock lock(mutex);
    ended = true;
    changed.notify_all();
    changed.wait(lock, [&] { return gone; });
  }
};

Silence& silence() {
  static Silence one;
  return one;
}

}  // namespace

// Takes the place of the C library's in libcurl too.
extern "C" int getaddrinfo(const char* node, const char* service, const addrinfo* hints, addrinfo** found) {
  if (node != nullptr && node == silent_host) {
    silence().keep();
    return EAI_AGAIN;
  }
  static const auto real = reinterpret_cast<decltype(&getaddrinfo)>(::dlsym(RTLD_NEXT, "getaddrinfo"));
  return real(node, service, hints, found);
}

namespace smflow::http {
namespace {

TEST(Resolver, ThatIsSilentDoesNotHoldUpACancelledExchange) {
  std::stop_source stop;
  std::thread canceller([&] {
    silence().wait_for_question();
    stop.request_stop();
  });
  const auto response =
      make_transport({})->send({.url = "http://" + std::string(silent_host) + "/", .cancel = stop.get_token()});
  canceller.join();
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().kind, TransportError::Kind::cancelled);
  EXPECT_TRUE(silence().is_kept());
  silence().end();
}

}  // namespace
}  // namespace smflow::http
