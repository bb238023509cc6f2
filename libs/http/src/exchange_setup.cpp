#include "exchange.hpp"

#include <algorithm>

#include <smflow/base/text.hpp>

namespace smflow::http {

namespace {

// libcurl's 16 KiB cost a poll for every 16 KiB that come.
constexpr long receive_buffer = 256 << 10;

bool is_plain(std::string_view text) {
  return std::ranges::none_of(text, [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
}

// libcurl takes "Name:" as the wish to leave the header out; "Name;" sends it empty.
std::string header_line(const Header& header) {
  return header.value.empty() ? header.name + ";" : header.name + ": " + header.value;
}

bool demands_length(const std::string& method) {
  return method == "POST" || method == "PUT" || method == "PATCH";
}

const char* or_null(const std::optional<std::string>& text) {
  return text ? text->c_str() : nullptr;
}

}  // namespace

bool Exchange::prepare() {
  return prepare_connection() && prepare_callbacks() && prepare_method() && prepare_headers();
}

bool Exchange::prepare_connection() {
  const TimeLimits& limits = request_.limits;
  const Certificates& certificates = surroundings_.certificates;
  bool ok = set(CURLOPT_URL, request_.url.c_str()) && set(CURLOPT_PATH_AS_IS, 1L) &&
            set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1)) && set(CURLOPT_NOSIGNAL, 1L) &&
            set(CURLOPT_TCP_KEEPALIVE, 1L) && set(CURLOPT_FOLLOWLOCATION, 0L) &&
            set(CURLOPT_BUFFERSIZE, receive_buffer) && set(CURLOPT_USERAGENT, surroundings_.user_agent.c_str()) &&
            set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(limits.connect.count())) &&
            set(CURLOPT_LOW_SPEED_TIME, static_cast<long>(limits.stall.count())) &&
            set(CURLOPT_LOW_SPEED_LIMIT, static_cast<long>(limits.floor));
#if LIBCURL_VERSION_NUM >= 0x075500
  ok = ok && set(CURLOPT_PROTOCOLS_STR, "http,https");
#else
  ok = ok && set(CURLOPT_PROTOCOLS, static_cast<long>(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
#if LIBCURL_VERSION_NUM >= 0x075700
  // A cancelled exchange does not wait for the resolver's thread.
  ok = ok && set(CURLOPT_QUICK_EXIT, 1L);
#endif
  if (limits.total) {
    // libcurl takes 0 for "no limit".
    ok = ok && set(CURLOPT_TIMEOUT_MS, std::max(1L, static_cast<long>(limits.total->count())));
  }
  // Both are set, also to nothing: libcurl would load its own bundle beside the folder.
  if (certificates.file || certificates.folder) {
    ok = ok && set(CURLOPT_CAINFO, or_null(certificates.file)) && set(CURLOPT_CAPATH, or_null(certificates.folder));
  }
  const std::string& unix_socket = surroundings_.unix_socket;
  if (!unix_socket.empty()) ok = ok && set(CURLOPT_UNIX_SOCKET_PATH, unix_socket.c_str());
  if (route_.direct || !unix_socket.empty()) ok = ok && set(CURLOPT_PROXY, "");
  return ok;
}

bool Exchange::prepare_callbacks() {
  return set(CURLOPT_ERRORBUFFER, reason_.data()) && set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L) &&
         set(CURLOPT_HEADERFUNCTION, &Exchange::on_header) && set(CURLOPT_HEADERDATA, static_cast<void*>(this)) &&
         set(CURLOPT_WRITEFUNCTION, &Exchange::on_body) && set(CURLOPT_WRITEDATA, static_cast<void*>(this)) &&
         set(CURLOPT_READFUNCTION, &Exchange::on_read) && set(CURLOPT_READDATA, static_cast<void*>(this)) &&
         set(CURLOPT_SEEKFUNCTION, &Exchange::on_seek) && set(CURLOPT_SEEKDATA, static_cast<void*>(this)) &&
         set(CURLOPT_PREREQFUNCTION, &Exchange::on_request) && set(CURLOPT_PREREQDATA, static_cast<void*>(this));
}

bool Exchange::prepare_method() {
  bool ok = true;
  if (request_.method == "HEAD") return set(CURLOPT_NOBODY, 1L);
  if (request_.body || demands_length(request_.method)) {
    const std::uint64_t size = request_.body ? request_.body->size() : 0;
    ok = set(CURLOPT_UPLOAD, 1L) && set(CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(size));
  }
  return ok && set(CURLOPT_CUSTOMREQUEST, request_.method.c_str());
}

bool Exchange::prepare_headers() {
  for (const Header& header : request_.headers) {
    if (header.name.empty() || header.name.find_first_of(":; ") != std::string::npos || !is_plain(header.name) ||
        !is_plain(header.value)) {
      fail(TransportError::Kind::local, "the header '" + printable(header.name) + "' cannot be sent to");
      return false;
    }
    if (!append(header_lines_, header_line(header))) return false;
  }
  // A server that knows nothing of "100-continue" would cost a second each time.
  if (!find_header(request_.headers, "Expect") && !append(header_lines_, "Expect:")) return false;
  return set(CURLOPT_HTTPHEADER, header_lines_.get());
}

}  // namespace smflow::http
