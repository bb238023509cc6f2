#include "route.hpp"

#include "curl_handle.hpp"

#include <arpa/inet.h>
#include <strings.h>

namespace smflow::http {

namespace {

std::optional<std::string> part_of(const CurlUrl& url, CURLUPart part, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url.get(), part, &text, flags) != CURLUE_OK) return std::nullopt;
  return std::string(CurlText(text).get());
}

bool ends_with_name(std::string_view host, std::string_view name) {
  if (host.size() < name.size()) return false;
  const std::string_view tail = host.substr(host.size() - name.size());
  if (::strncasecmp(tail.data(), name.data(), name.size()) != 0) return false;
  return host.size() == name.size() || host[host.size() - name.size() - 1] == '.';
}

}  // namespace

std::optional<Route> route_of(const std::string& text) {
  const CurlUrl url(curl_url());
  if (!url || curl_url_set(url.get(), CURLUPART_URL, text.c_str(), CURLU_PATH_AS_IS) != CURLUE_OK) return std::nullopt;
  const auto scheme = part_of(url, CURLUPART_SCHEME);
  const auto host = part_of(url, CURLUPART_HOST);
  const auto port = part_of(url, CURLUPART_PORT, CURLU_DEFAULT_PORT);
  if (!scheme || !host || !port || (*scheme != "http" && *scheme != "https")) return std::nullopt;
  if (part_of(url, CURLUPART_USER) || part_of(url, CURLUPART_PASSWORD)) return std::nullopt;
  const bool usual_port = part_of(url, CURLUPART_PORT, CURLU_NO_DEFAULT_PORT) == std::nullopt;
  return Route{.origin = *scheme + "://" + *host + ":" + *port,
               .host = usual_port ? *host : *host + ":" + *port,
               .direct = is_on_this_machine(*host)};
}

bool is_on_this_machine(std::string_view host) {
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  if (ends_with_name(host, "localhost") || ends_with_name(host, "localhost.")) return true;
  const std::string name(host);
  in_addr v4 = {};
  if (::inet_pton(AF_INET, name.c_str(), &v4) == 1) {
    const std::uint32_t address = ntohl(v4.s_addr);
    return address >> 24 == 127 || address >> 16 == (169u << 8 | 254u);
  }
  in6_addr v6 = {};
  if (::inet_pton(AF_INET6, name.c_str(), &v6) != 1) return false;
  // fd00:ec2::/32: metadata and credentials of EC2 and of containers on it.
  const bool of_ec2 = v6.s6_addr[0] == 0xfd && v6.s6_addr[1] == 0x00 && v6.s6_addr[2] == 0x0e && v6.s6_addr[3] == 0xc2;
  return IN6_IS_ADDR_LOOPBACK(&v6) || of_ec2;
}

}  // namespace smflow::http
