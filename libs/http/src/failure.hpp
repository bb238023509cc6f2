#pragma once

#include <string>

#include <curl/curl.h>

#include <smflow/http/transport.hpp>

namespace smflow::http {

// What libcurl knows about an exchange that failed.
struct CurlFailure {
  CURLcode code;
  std::string host;
  std::string reason;  // libcurl's own words
  int os_error = 0;
  bool connected = false;     // the connection, with TLS, was there
  bool on_reused = false;     // it had served a request before
  bool answer_begun = false;  // at least one byte came back
  bool lookup_was_slow = false;
  long proxy_status = 0;  // of a tunnel that the proxy refused
};

// Every code of libcurl becomes a kind of ours here and nowhere else.
TransportError to_transport_error(const CurlFailure& failure);

// EAI_NONAME and the like are answers; the rest says that the name server gave none.
TransportError::Kind resolver_kind(int getaddrinfo_code);

}  // namespace smflow::http
