#pragma once

#include <memory>
#include <string>

#include <curl/curl.h>

namespace smflow::http {

template <auto Function>
struct CurlDelete {
  template <class T>
  void operator()(T* thing) const {
    Function(thing);
  }
};

using CurlUrl = std::unique_ptr<CURLU, CurlDelete<curl_url_cleanup>>;
using CurlText = std::unique_ptr<char, CurlDelete<curl_free>>;
using CurlList = std::unique_ptr<curl_slist, CurlDelete<curl_slist_free_all>>;

// False when there is no memory; the list is then as it was.
bool append(CurlList& list, const std::string& line);

// One easy handle with a multi handle of its own, which holds its one live connection and can be woken from another
// thread. Everything else belongs to one thread at a time.
class CurlHandle {
 public:
  // None when libcurl cannot be set up.
  static std::unique_ptr<CurlHandle> create();

  CURL* easy() const { return easy_.get(); }
  CURLM* multi() const { return multi_.get(); }

  std::string origin;  // of the last request: scheme, host and port

 private:
  CurlHandle() = default;
  std::unique_ptr<CURLM, CurlDelete<curl_multi_cleanup>> multi_;  // outlives the easy handle
  std::unique_ptr<CURL, CurlDelete<curl_easy_cleanup>> easy_;
};

// Puts the easy handle into the multi handle for one exchange.
class Attached {
 public:
  explicit Attached(const CurlHandle& handle)
      : handle_(handle), code_(curl_multi_add_handle(handle.multi(), handle.easy())) {}
  ~Attached() { curl_multi_remove_handle(handle_.multi(), handle_.easy()); }
  Attached(const Attached&) = delete;
  Attached& operator=(const Attached&) = delete;
  explicit operator bool() const { return code_ == CURLM_OK; }

 private:
  const CurlHandle& handle_;
  CURLMcode code_;
};

}  // namespace smflow::http
