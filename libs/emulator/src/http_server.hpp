#pragma once

#include "exchange.hpp"

#include <cstdint>
#include <functional>
#include <memory>

#include <smflow/base/error.hpp>

namespace smflow::emulator {

using Handler = std::function<HttpAnswer(const HttpRequest&)>;

// HTTP/1.1 on 127.0.0.1 and nowhere else. Bounds: 64 connections at work, 5 s idle, 30 s without a byte
// of a request. A body is taken in bounded memory, what is large in a file of the system's temporary folder; one that
// is cut, or larger than `largest_body` bytes, never comes to the handler (400). Making one has the process ignore
// SIGPIPE.
class HttpServer {
 public:
  // Takes the port, 0 for any free one; E190 when it cannot be had. Amazon S3 takes 5 GiB in one request, too.
  static Result<std::unique_ptr<HttpServer>> bind(int port, Handler handler, std::uint64_t largest_body = 5ull << 30);
  virtual ~HttpServer() = default;
  virtual int port() const = 0;
  // Answers until stop() is called, from any thread and at any time, also before this.
  virtual void serve() = 0;
  virtual void stop() = 0;
};

// Sends requests on to `endpoint`, "http://host:port", as they are, but for the headers of the connection; an endpoint
// that does not answer is a 503. E191 for any other form of endpoint.
Result<Handler> make_forwarder(const std::string& endpoint);

}  // namespace smflow::emulator
