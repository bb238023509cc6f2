#include "payload.hpp"

#include <charconv>
#include <mutex>

#include <httplib.h>

#include <smflow/base/sha256.hpp>
#include <smflow/board/render.hpp>
#include <smflow/board/server.hpp>

namespace smflow::board {

namespace {

constexpr std::size_t threads = 8;
constexpr std::chrono::seconds fresh{1};

// The last board that was gathered, for whoever asks meanwhile.
class Latest {
 public:
  explicit Latest(const ServerOptions& options) : options_(options) {}

  Result<std::shared_ptr<const Board>> get() {
    const std::lock_guard lock(mutex_);
    const SteadyTime now = options_.clock->steady_now();
    if (board_ && now - gathered_ < fresh) return board_;
    auto board = options_.board();
    if (!board) return tl::unexpected(std::move(board).error());
    // So that an answer changes only when a run does.
    board->made = {};
    board_ = std::make_shared<const Board>(*std::move(board));
    gathered_ = now;
    return board_;
  }

 private:
  const ServerOptions& options_;
  std::mutex mutex_;
  std::shared_ptr<const Board> board_;
  SteadyTime gathered_{};
};

const Run* run_of(const Board& board, const std::string& id) {
  for (const Run& run : board.runs) {
    if (run.id == id && run.detail) return &run;
  }
  return nullptr;
}

const Sample* sample_of(const Board& board, const std::string& id, const std::string& number) {
  const Run* run = run_of(board, id);
  std::size_t index = 0;
  const auto [end, failed] = std::from_chars(number.data(), number.data() + number.size(), index);
  if (run == nullptr || failed != std::errc() || end != number.data() + number.size()) return nullptr;
  return index < run->detail->samples.size() ? &run->detail->samples[index] : nullptr;
}

void answer_json(const std::string& text, const httplib::Request& request, httplib::Response& response) {
  const std::string tag = "\"" + sha256_hex(text).substr(0, 32) + "\"";
  response.set_header("ETag", tag);
  if (request.get_header_value("If-None-Match") == tag) {
    response.status = 304;
  } else {
    response.set_content(text, "application/json");
  }
}

bool is_equal(std::string_view a, std::string_view b) {
  unsigned different = a.size() == b.size() ? 0 : 1;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) different |= static_cast<unsigned>(a[i] ^ b[i]);
  return different == 0;
}

void refuse(httplib::Response& response, int status) {
  response.status = status;
  response.set_content("not here\n", "text/plain");
}

class LoopbackServer : public Server {
 public:
  explicit LoopbackServer(ServerOptions options) : options_(std::move(options)), latest_(options_) {
    server_.new_task_queue = [] { return new httplib::ThreadPool(threads); };
    server_.set_read_timeout(10);
    server_.set_write_timeout(30);
    server_.set_payload_max_length(1024);
    server_.set_tcp_nodelay(true);
    // The default lets a second server share the port and take half of the calls.
    server_.set_socket_options([](socket_t socket) {
      const int yes = 1;
      ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    });
    server_.set_default_headers({{"Cache-Control", "no-store"},
                                 {"X-Content-Type-Options", "nosniff"},
                                 {"X-Frame-Options", "DENY"},
                                 {"Referrer-Policy", "no-referrer"},
                                 {"Cross-Origin-Resource-Policy", "same-origin"}});
    route();
  }

  bool bind() {
    port_ = options_.port == 0 ? server_.bind_to_any_port("127.0.0.1")
                               : (server_.bind_to_port("127.0.0.1", options_.port) ? options_.port : -1);
    return port_ > 0;
  }

  std::string url() const override { return "http://127.0.0.1:" + std::to_string(port_) + "/" + options_.token + "/"; }
  void serve() override { server_.listen_after_bind(); }
  void stop() override { server_.stop(); }

 private:
  using Answer = std::function<void(const Board&, const httplib::Request&, httplib::Response&)>;

  void route() {
    get("/([a-z0-9]+)/", [](const Board& board, const httplib::Request&, httplib::Response& response) {
      response.set_content(render_live(board), "text/html; charset=utf-8");
    });
    get("/([a-z0-9]+)/data/cards",
        [](const Board& board, const httplib::Request& request, httplib::Response& response) {
          answer_json(cards_json(board), request, response);
        });
    get("/([a-z0-9]+)/data/run/([^/]+)",
        [](const Board& board, const httplib::Request& request, httplib::Response& response) {
          const Run* run = run_of(board, request.matches[2]);
          if (run == nullptr) return refuse(response, 404);
          answer_json(detail_json(*run), request, response);
        });
    get("/([a-z0-9]+)/data/sample/([^/]+)/([0-9]+)",
        [](const Board& board, const httplib::Request& request, httplib::Response& response) {
          const Sample* sample = sample_of(board, request.matches[2], request.matches[3]);
          const std::string type = sample == nullptr ? "" : picture_type(sample->picture);
          if (type.empty()) return refuse(response, 404);
          response.set_content(sample->picture, "image/" + type);
        });
    server_.set_error_handler([](const httplib::Request& request, httplib::Response& response) {
      if (response.status == 404 && response.body.empty()) refuse(response, request.method == "GET" ? 403 : 405);
    });
  }

  void get(const std::string& pattern, Answer answer) {
    server_.Get(pattern,
                [this, answer = std::move(answer)](const httplib::Request& request, httplib::Response& response) {
                  if (!is_for_us(request)) return refuse(response, 403);
                  const auto board = latest_.get();
                  if (!board) {
                    response.status = 503;
                    response.set_content(board.error().message + "\n", "text/plain");
                    return;
                  }
                  answer(**board, request, response);
                });
  }

  // A page elsewhere can have its name resolve to this machine; its requests then carry that name.
  bool is_for_us(const httplib::Request& request) const {
    const std::string host = request.get_header_value("Host");
    const std::string port = ":" + std::to_string(port_);
    return (host == "127.0.0.1" + port || host == "localhost" + port) &&
           is_equal(request.matches[1].str(), options_.token);
  }

  const ServerOptions options_;
  Latest latest_;
  httplib::Server server_;
  int port_ = 0;
};

}  // namespace

Result<std::unique_ptr<Server>> Server::start(ServerOptions options) {
  const int port = options.port;
  auto server = std::make_unique<LoopbackServer>(std::move(options));
  if (server->bind()) return server;
  return tl::unexpected(
      Error{.code = "E342",
            .exit = ExitCode::machine,
            .message = "cannot listen on 127.0.0.1:" + std::to_string(port) + ": the port is taken or not allowed",
            .fix = "choose another with --port, or leave it out for any free one"});
}

}  // namespace smflow::board
