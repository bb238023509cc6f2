#pragma once

#include "curl_handle.hpp"

#include <mutex>
#include <string_view>
#include <vector>

namespace smflow::http {

// Idle handles, each with its live connection. Safe to use from several threads.
class HandlePool {
 public:
  // An idle handle that last spoke to `origin`, else a new one; none when libcurl cannot make it.
  std::unique_ptr<CurlHandle> take(std::string_view origin);
  // For a later exchange; beyond the limit the one idle for longest is closed.
  void put_back(std::unique_ptr<CurlHandle> handle);

 private:
  std::mutex mutex_;
  std::vector<std::unique_ptr<CurlHandle>> idle_;  // the last used at the back
};

}  // namespace smflow::http
