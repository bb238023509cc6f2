#include "handle_pool.hpp"

#include <algorithm>

namespace smflow::http {

namespace {

constexpr std::size_t idle_limit = 64;

}  // namespace

std::unique_ptr<CurlHandle> HandlePool::take(std::string_view origin) {
  {
    const std::lock_guard lock(mutex_);
    const auto found = std::find_if(idle_.rbegin(), idle_.rend(), [&](const std::unique_ptr<CurlHandle>& handle) {
      return handle->origin == origin;
    });
    if (found != idle_.rend()) {
      auto handle = std::move(*found);
      idle_.erase(std::next(found).base());
      return handle;
    }
  }
  auto handle = CurlHandle::create();
  if (handle) handle->origin = origin;
  return handle;
}

void HandlePool::put_back(std::unique_ptr<CurlHandle> handle) {
  std::unique_ptr<CurlHandle> surplus;  // closed without the lock
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(handle));
  if (idle_.size() > idle_limit) {
    surplus = std::move(idle_.front());
    idle_.erase(idle_.begin());
  }
}

}  // namespace smflow::http
