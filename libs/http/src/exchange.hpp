#pragma once

#include "certificates.hpp"
#include "curl_handle.hpp"
#include "route.hpp"

#include <array>

#include <smflow/http/transport.hpp>

namespace smflow::http {

// What all exchanges of one transport share.
struct Surroundings {
  std::string user_agent;
  Certificates certificates;
  std::string unix_socket;
};

// One request and its answer on one handle. The handle is fit for another exchange only when `run` gave a response and
// `handle_is_clean`.
class Exchange {
 public:
  Exchange(CurlHandle& handle, const Surroundings& surroundings, const Request& request, const Route& route)
      : handle_(handle), surroundings_(surroundings), request_(request), route_(route) {}

  tl::expected<Response, TransportError> run();
  bool handle_is_clean() const { return handle_is_clean_; }

 private:
  using Failure = std::optional<TransportError>;

  tl::expected<Response, TransportError> attempt();
  bool prepare();
  bool prepare_connection();
  bool prepare_callbacks();
  bool prepare_method();
  bool prepare_headers();
  template <class Value>
  bool set(CURLoption option, Value value) {
    return curl_easy_setopt(handle_.easy(), option, value) == CURLE_OK;
  }

  CURLcode drive();
  TransportError failure_of(CURLcode code) const;
  Failure check_length() const;

  void fail(TransportError::Kind kind, const std::string& what, std::optional<Error> cause = {});
  bool take_header(std::string_view line);
  bool take_body(std::span<const std::byte> piece);
  bool keep(std::string_view piece, std::uint64_t limit);
  bool succeeded() const { return response_.status >= 200 && response_.status < 300; }
  std::size_t give_body(std::span<std::byte> room);

  static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* self) noexcept;
  static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self) noexcept;
  static std::size_t on_read(char* room, std::size_t size, std::size_t count, void* self) noexcept;
  static int on_seek(void* self, curl_off_t offset, int origin) noexcept;
  static int on_request(void* self, char*, char*, int, int) noexcept;

  CurlHandle& handle_;
  const Surroundings& surroundings_;
  const Request& request_;
  const Route& route_;
  CurlList header_lines_;
  std::array<char, CURL_ERROR_SIZE> reason_ = {};

  Response response_;
  Failure failure_;  // found by a callback; goes before what libcurl says
  std::uint64_t sent_ = 0;
  std::uint64_t received_ = 0;
  std::size_t header_bytes_ = 0;
  int requests_begun_ = 0;
  bool headers_done_ = false;
  bool enough_ = false;  // the rest of an error's body is not wanted
  bool handle_is_clean_ = false;
};

}  // namespace smflow::http
