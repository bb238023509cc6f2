#include "exchange.hpp"

#include "failure.hpp"
#include "length_check.hpp"
#include "no_sigpipe.hpp"

#include <algorithm>
#include <charconv>

#include <smflow/base/text.hpp>

namespace smflow::http {

using Kind = TransportError::Kind;

namespace {

constexpr std::size_t header_limit = 256u << 10;
constexpr std::uint64_t error_body_limit = 64u << 10;

// 0 when the line is no status line.
int status_in(std::string_view line) {
  const std::size_t space = line.find(' ');
  int status = 0;
  if (space != std::string_view::npos) std::from_chars(line.data() + space + 1, line.data() + line.size(), status);
  return status;
}

template <class Value>
Value info_of(CURL* easy, CURLINFO info) {
  Value value = {};
  (void)curl_easy_getinfo(easy, info, &value);
  return value;
}

}  // namespace

tl::expected<Response, TransportError> Exchange::run() {
  const NoSigpipe no_sigpipe;
  auto response = attempt();
  curl_easy_reset(handle_.easy());  // it outlives what its options point to
  return response;
}

tl::expected<Response, TransportError> Exchange::attempt() {
  if (!prepare()) {
    if (!failure_) fail(Kind::local, "libcurl refuses the request to");
    return tl::unexpected(*std::move(failure_));
  }
  const CURLcode code = drive();
  if (failure_) return tl::unexpected(*std::move(failure_));
  if (code != CURLE_OK && !enough_) return tl::unexpected(failure_of(code));
  if (auto wrong = check_length()) return tl::unexpected(*std::move(wrong));
  handle_is_clean_ = code == CURLE_OK;
  return std::move(response_);
}

CURLcode Exchange::drive() {
  const Attached attached(handle_);
  if (!attached) return CURLE_FAILED_INIT;
  const std::stop_callback wake(request_.cancel, [this] { (void)curl_multi_wakeup(handle_.multi()); });
  for (int running = 1;;) {
    if (request_.cancel.stop_requested()) {
      fail(Kind::cancelled, "cancelled: the exchange with");
      return CURLE_ABORTED_BY_CALLBACK;
    }
    if (curl_multi_perform(handle_.multi(), &running) != CURLM_OK) return CURLE_FAILED_INIT;
    if (running == 0) break;
    if (curl_multi_poll(handle_.multi(), nullptr, 0, 1000, nullptr) != CURLM_OK) return CURLE_FAILED_INIT;
  }
  int left = 0;
  const CURLMsg* message = curl_multi_info_read(handle_.multi(), &left);
  return message != nullptr && message->msg == CURLMSG_DONE ? message->data.result : CURLE_FAILED_INIT;
}

TransportError Exchange::failure_of(CURLcode code) const {
  CURL* easy = handle_.easy();
  const bool replayed = requests_begun_ > 1 || code == CURLE_SEND_FAIL_REWIND;
  return to_transport_error({
      .code = code,
      .host = route_.host,
      .reason = reason_[0] != '\0' ? reason_.data() : curl_easy_strerror(code),
      .os_error = static_cast<int>(info_of<long>(easy, CURLINFO_OS_ERRNO)),
      .connected = requests_begun_ > 0,
      .on_reused = replayed || (requests_begun_ > 0 && info_of<long>(easy, CURLINFO_NUM_CONNECTS) == 0),
      .answer_begun = header_bytes_ > 0,
      .lookup_was_slow = info_of<curl_off_t>(easy, CURLINFO_TOTAL_TIME_T) > 2'000'000,
      .proxy_status = info_of<long>(easy, CURLINFO_HTTP_CONNECTCODE),
  });
}

Exchange::Failure Exchange::check_length() const {
  if (enough_ || request_.method == "HEAD") return std::nullopt;
  const auto promised = promised_length(request_.headers, response_);
  if (!promised || *promised == received_) return std::nullopt;
  return TransportError{Kind::broken, "the answer of '" + route_.host + "' has " + std::to_string(received_) +
                                          " bytes, not " + std::to_string(*promised)};
}

void Exchange::fail(Kind kind, const std::string& what, std::optional<Error> cause) {
  failure_ = TransportError{kind, what + " '" + route_.host + "'", std::move(cause)};
}

bool Exchange::take_header(std::string_view line) {
  header_bytes_ += line.size();
  if (header_bytes_ > header_limit) {
    fail(Kind::broken, "more than 256 KiB of headers from");
    return false;
  }
  if (line.starts_with("HTTP/")) {
    response_.headers.clear();
    response_.status = status_in(line);
    headers_done_ = false;
    return true;
  }
  const std::size_t colon = line.find(':');
  if (trim(line).empty()) headers_done_ = true;
  if (headers_done_ || colon == std::string_view::npos) return true;  // also the trailer of a chunked body
  response_.headers.push_back({std::string(trim(line.substr(0, colon))), std::string(trim(line.substr(colon + 1)))});
  return true;
}

bool Exchange::take_body(std::span<const std::byte> piece) {
  received_ += piece.size();
  const std::string_view text(reinterpret_cast<const char*>(piece.data()), piece.size());
  if (!request_.sink) {
    if (keep(text, request_.response_limit)) return true;
    fail(Kind::too_large, "more than " + std::to_string(request_.response_limit) + " bytes of answer from");
    return false;
  }
  if (!succeeded()) {
    enough_ = !keep(text, error_body_limit);
    return !enough_;
  }
  auto taken = request_.sink(piece);
  if (!taken) fail(Kind::local, taken.error().message + ": receiving from", taken.error());
  return taken.has_value();
}

// False when not all of it fits.
bool Exchange::keep(std::string_view piece, std::uint64_t limit) {
  const std::uint64_t room = limit - response_.body.size();
  response_.body.append(piece.substr(0, room));
  return piece.size() <= room;
}

std::size_t Exchange::give_body(std::span<std::byte> room) {
  if (!request_.body) return 0;
  const std::uint64_t left = request_.body->size() - sent_;
  const auto out = room.first(static_cast<std::size_t>(std::min<std::uint64_t>(left, room.size())));
  if (out.empty()) return 0;
  auto filled = request_.body->read(sent_, out);
  if (!filled) {
    fail(Kind::local, filled.error().message + ": sending to", filled.error());
    return CURL_READFUNC_ABORT;
  }
  sent_ += out.size();
  return out.size();
}

std::size_t Exchange::on_header(char* data, std::size_t size, std::size_t count, void* self) noexcept try {
  return static_cast<Exchange*>(self)->take_header({data, size * count}) ? size * count : 0;
} catch (const std::exception& thrown) {
  static_cast<Exchange*>(self)->fail(Kind::local, std::string(thrown.what()) + ": receiving from");
  return 0;
}

std::size_t Exchange::on_body(char* data, std::size_t size, std::size_t count, void* self) noexcept try {
  const std::span piece(reinterpret_cast<const std::byte*>(data), size * count);
  return static_cast<Exchange*>(self)->take_body(piece) ? piece.size() : 0;
} catch (const std::exception& thrown) {
  static_cast<Exchange*>(self)->fail(Kind::local, std::string(thrown.what()) + ": receiving from");
  return 0;
}

std::size_t Exchange::on_read(char* room, std::size_t size, std::size_t count, void* self) noexcept try {
  return static_cast<Exchange*>(self)->give_body({reinterpret_cast<std::byte*>(room), size * count});
} catch (const std::exception& thrown) {
  static_cast<Exchange*>(self)->fail(Kind::local, std::string(thrown.what()) + ": sending to");
  return CURL_READFUNC_ABORT;
}

// libcurl rewinds only to repeat a request by itself, which it must not.
int Exchange::on_seek(void*, curl_off_t, int) noexcept {
  return CURL_SEEKFUNC_FAIL;
}

// The second call is libcurl's silent repeat on a new connection, after a reused one had died.
int Exchange::on_request(void* self, char*, char*, int, int) noexcept {
  return ++static_cast<Exchange*>(self)->requests_begun_ > 1 ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK;
}

}  // namespace smflow::http
