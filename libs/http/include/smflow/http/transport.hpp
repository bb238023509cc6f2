#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include <smflow/base/error.hpp>

namespace smflow::http {

struct Header {
  std::string name;
  std::string value;
};
// In the order sent or received. Names compare without case; a name may appear more than once.
using Headers = std::vector<Header>;

// The value of the first header of this name, or none.
std::optional<std::string_view> find_header(const Headers& headers, std::string_view name);

// What a request carries, read by offset, so that it can be sent again from its start.
class BodySource {
 public:
  virtual ~BodySource() = default;
  virtual std::uint64_t size() const = 0;
  // Fills `out` from `offset` on, completely: a source that has become shorter is an error.
  virtual Result<void> read(std::uint64_t offset, std::span<std::byte> out) const = 0;
};

// A body held in memory.
std::shared_ptr<const BodySource> body_of(std::string text);

// Takes the body of a successful (2xx) answer piece by piece, in order. An error ends the transfer, and `send` returns
// it.
using BodySink = std::function<Result<void>(std::span<const std::byte>)>;

struct TimeLimits {
  std::chrono::milliseconds connect{10'000};
  // A transfer slower than `floor` bytes a second over `stall` is given up: a peer that went silent, or drips.
  std::chrono::seconds stall{30};
  std::uint64_t floor = 1024;
  std::optional<std::chrono::milliseconds> total = {};  // of the whole exchange; none: no limit
};

struct Request {
  std::string method = "GET";
  std::string url = {};  // complete and percent-encoded: scheme, host, port, path and query are sent as they stand
  Headers headers = {};
  std::shared_ptr<const BodySource> body = {};  // none: no body, and no Content-Length unless the method demands one
  BodySink sink = {};                           // none: the answer's body is kept in Response::body
  TimeLimits limits = {};
  std::uint64_t response_limit = 16u << 20;  // bytes kept in Response::body; more is a TransportError
  std::stop_token cancel = {};               // ends the exchange within a second
};

struct Response {
  int status = 0;
  Headers headers = {};
  std::string body = {};  // whole; with a sink only that of an answer other than 2xx, at most 64 KiB of it
};

// Why no whole answer came. An HTTP status, whatever its number, is an answer and no TransportError.
struct TransportError {
  enum class Kind {
    resolve,        // the host name is unknown
    resolve_later,  // the name server did not answer
    connect,
    tls,                // certificate or protocol: the reason is in `message`
    connection_reused,  // an idle connection was closed before a byte of the answer: send again at once if idempotent
    broken,             // reset, cut short, or not HTTP
    stalled,            // TimeLimits::stall or total
    too_large,          // Request::response_limit
    cancelled,
    local,  // our side: body source or sink failed and `cause` says why, or the request cannot be sent as it stands
  };
  Kind kind;
  std::string message;  // lower case, names the host, holds no query string
  std::optional<Error> cause = {};
};

// One exchange of HTTP at a time for each calling thread. Follows no redirect, keeps no cookie, decodes no content, and
// never repeats a request by itself. Connections are kept alive between calls and shared by all callers. Safe to use
// from several threads.
class Transport {
 public:
  virtual ~Transport() = default;
  virtual tl::expected<Response, TransportError> send(const Request& request) = 0;
};

// How the machine reaches the network.
struct TransportOptions {
  std::string user_agent = {};
  std::string ca_bundle = {};  // a PEM file; empty: the system's certificates
  // Proxies are those of http_proxy, https_proxy and no_proxy in the environment, as for curl; a request to
  // 169.254.0.0/16 or a loopback address never takes one.
};

std::unique_ptr<Transport> make_transport(TransportOptions options);

}  // namespace smflow::http
