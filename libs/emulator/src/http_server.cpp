#include "http_server.hpp"

#include <algorithm>
#include <atomic>

#include <httplib.h>

namespace smflow::emulator {

namespace {

constexpr std::size_t threads = 64;
constexpr int idle_seconds = 5;
constexpr int request_seconds = 30;

httplib::ContentProvider provider_of(const Body& body) {
  return [body](std::size_t offset, std::size_t length, httplib::DataSink& sink) {
    constexpr std::size_t block = 256 << 10;
    const std::string bytes = body.read(offset, std::min(length, block));
    return !bytes.empty() && sink.write(bytes.data(), bytes.size());
  };
}

class LoopbackServer : public HttpServer {
 public:
  LoopbackServer(Handler handler, std::uint64_t largest_body)
      : handler_(std::move(handler)), largest_body_(largest_body) {
    // Called when the library has begun to listen: before that it does not know of a stop.
    server_.new_task_queue = [this] {
      if (stopped_) end();
      return new httplib::ThreadPool(threads);
    };
    server_.set_keep_alive_max_count(1000);
    server_.set_keep_alive_timeout(idle_seconds);
    server_.set_read_timeout(request_seconds);
    server_.set_write_timeout(request_seconds);
    // Head and body of an answer are two writes.
    server_.set_tcp_nodelay(true);
    // The default lets a second server share the port and take half of the calls.
    server_.set_socket_options([](socket_t socket) {
      const int yes = 1;
      ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    });
    route();
  }

  bool bind(int port) {
    port_ = port == 0 ? server_.bind_to_any_port("127.0.0.1") : (server_.bind_to_port("127.0.0.1", port) ? port : -1);
    return port_ > 0;
  }

  int port() const override { return port_; }
  void serve() override { server_.listen_after_bind(); }
  void stop() override {
    stopped_ = true;
    end();
  }

 private:
  void end() {
    if (server_.is_running() && !ended_.exchange(true)) server_.stop();
  }

  // With a reader of our own the library does not look into forms, which it limits to 8 KiB.
  void route() {
    const auto with_body = [this](const httplib::Request& request, httplib::Response& response,
                                  const httplib::ContentReader& reader) {
      // The library would inflate a body that is encoded, and wait for one that is not announced.
      HttpRequest own = head_of(request);
      const_cast<httplib::Request&>(request).headers.erase("Content-Encoding");
      const bool has_body = request.has_header("Content-Length") || request.has_header("Transfer-Encoding");
      bool kept = true;
      std::uint64_t came = 0;
      // All of it is taken from the connection, where the next request follows.
      const auto keep = [&](const char* data, std::size_t size) {
        came += size;
        if (came > largest_body_) own.body = {};
        kept = kept && (came > largest_body_ || own.body.append(data, size));
        return true;
      };
      if (has_body && !reader(keep)) return refuse(response, 400, "the body of the request was cut");
      if (came > largest_body_) return refuse_as_too_large(response);
      if (!kept) return refuse(response, 507, "there is no room for the body of the request on this machine");
      answer(request, own, response);
    };
    const auto without_body = [this](const httplib::Request& request, httplib::Response& response) {
      answer(request, head_of(request), response);
    };
    server_.Post(".*", with_body).Put(".*", with_body).Delete(".*", with_body).Patch(".*", with_body);
    server_.Get(".*", without_body).Delete(".*", without_body).Options(".*", without_body);
  }

  static HttpRequest head_of(const httplib::Request& request) {
    HttpRequest own{.method = request.method, .target = request.target, .headers = {}, .body = {}};
    for (const auto& [name, value] : request.headers) own.headers.push_back({name, value});
    return own;
  }

  static void refuse(httplib::Response& response, int status, const std::string& why) {
    response.status = status;
    response.set_content("smflow emulator: " + why, "text/plain");
  }

  // As Amazon S3 does it.
  static void refuse_as_too_large(httplib::Response& response) {
    response.status = 400;
    response.set_content(
        "<Error><Code>EntityTooLarge</Code><Message>Your proposed upload exceeds the maximum allowed "
        "size</Message></Error>",
        "application/xml");
  }

  void answer(const httplib::Request& request, const HttpRequest& own, httplib::Response& response) const {
    // The library would cut the range that was asked for out of an answer that is this range already.
    const_cast<httplib::Request&>(request).ranges.clear();
    const HttpAnswer answer = handler_(own);
    response.status = answer.status;
    for (const HttpHeader& header : answer.headers) response.set_header(header.name, header.value);
    if (answer.body.empty()) return response.set_content("", answer.content_type);
    response.set_content_provider(answer.body.size(), answer.content_type, provider_of(answer.body));
  }

  Handler handler_;
  const std::uint64_t largest_body_;
  httplib::Server server_;
  std::atomic<bool> stopped_ = false;
  std::atomic<bool> ended_ = false;  // the library is told of a stop once
  int port_ = 0;
};

// Of the connection, not of the message (RFC 9110, 7.6.1), or set anew by the library.
bool is_forwarded(const std::string& name) {
  static const httplib::detail::ci less;
  for (const char* own : {"Connection", "Keep-Alive", "Transfer-Encoding", "Content-Length", "Expect", "REMOTE_ADDR",
                          "REMOTE_PORT", "LOCAL_ADDR", "LOCAL_PORT"}) {
    if (!less(name, own) && !less(own, name)) return false;
  }
  return true;
}

HttpAnswer forward(const std::string& endpoint, const HttpRequest& request) {
  httplib::Client client(endpoint);
  client.set_connection_timeout(10);
  client.set_read_timeout(60);
  client.set_write_timeout(60);
  // The target is encoded already.
  client.set_url_encode(false);
  client.set_decompress(false);
  httplib::Request sent;
  sent.method = request.method;
  sent.path = request.target;
  // The library says itself of an empty body that it is empty.
  if (!request.body.empty()) {
    sent.content_length_ = request.body.size();
    sent.content_provider_ = provider_of(request.body);
  }
  Body body;
  sent.content_receiver = [&](const char* data, std::size_t size, std::uint64_t, std::uint64_t) {
    return body.append(data, size);
  };
  for (const HttpHeader& header : request.headers) {
    if (is_forwarded(header.name)) sent.headers.emplace(header.name, header.value);
  }
  const httplib::Result result = client.send(sent);
  if (!result) {
    return {.status = 503,
            .content_type = "text/plain",
            .body = "smflow emulator: " + endpoint + " did not answer: " + httplib::to_string(result.error())};
  }
  HttpAnswer answer{
      .status = result->status, .content_type = result->get_header_value("Content-Type"), .body = std::move(body)};
  // What a HEAD tells of the body that it does not carry.
  if (request.method == "HEAD" && result->has_header("Content-Length")) {
    answer.headers.push_back({"Content-Length", result->get_header_value("Content-Length")});
  }
  for (const auto& [name, value] : result->headers) {
    if (is_forwarded(name) && name != "Content-Type") answer.headers.push_back({name, value});
  }
  return answer;
}

}  // namespace

Result<std::unique_ptr<HttpServer>> HttpServer::bind(int port, Handler handler, std::uint64_t largest_body) {
  auto server = std::make_unique<LoopbackServer>(std::move(handler), largest_body);
  if (server->bind(port)) return server;
  return tl::unexpected(
      Error{.code = "E190",
            .exit = ExitCode::machine,
            .message = "cannot listen on 127.0.0.1:" + std::to_string(port) + ": the port is taken or not allowed",
            .fix = "choose another with --port, or leave it out for any free one"});
}

Result<Handler> make_forwarder(const std::string& endpoint) {
  const std::string scheme = "http://";
  const bool plain = endpoint.starts_with(scheme) && endpoint.size() > scheme.size() &&
                     endpoint.find_first_of("/?#@ ", scheme.size()) == std::string::npos;
  if (!plain) {
    return tl::unexpected(Error{.code = "E191",
                                .exit = ExitCode::usage,
                                .message = "the endpoint '" + endpoint + "' is not of the form http://host:port",
                                .fix = "name a local service, like http://127.0.0.1:5000"});
  }
  return [endpoint](const HttpRequest& request) { return forward(endpoint, request); };
}

}  // namespace smflow::emulator
