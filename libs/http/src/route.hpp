#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace smflow::http {

// Where a URL leads.
struct Route {
  std::string origin;  // "https://host:443"
  std::string host;    // as written in messages: "host" or "host:port"
  bool direct;         // never by a proxy
};

// None when `url` is not a complete http or https URL, or holds a user name.
std::optional<Route> route_of(const std::string& url);

// A loopback address or name, or 169.254.0.0/16, where a machine's credentials are served.
bool is_on_this_machine(std::string_view host);

}  // namespace smflow::http
