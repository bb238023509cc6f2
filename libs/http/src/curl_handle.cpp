#include "curl_handle.hpp"

namespace smflow::http {

bool append(CurlList& list, const std::string& line) {
  curl_slist* longer = curl_slist_append(list.get(), line.c_str());
  if (longer == nullptr) return false;
  (void)list.release();
  list.reset(longer);
  return true;
}

std::unique_ptr<CurlHandle> CurlHandle::create() {
  static const CURLcode global = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (global != CURLE_OK) return nullptr;
  std::unique_ptr<CurlHandle> handle(new CurlHandle);
  handle->multi_.reset(curl_multi_init());
  handle->easy_.reset(curl_easy_init());
  if (!handle->multi_ || !handle->easy_) return nullptr;
  if (curl_multi_setopt(handle->multi(), CURLMOPT_MAXCONNECTS, 1L) != CURLM_OK) return nullptr;
  return handle;
}

}  // namespace smflow::http
