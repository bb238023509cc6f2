#pragma once

#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include <smflow/http/transport.hpp>

namespace smflow::test {

// A transport that records what it is asked and answers from a list or a function. Safe to use from several threads.
class FakeTransport : public http::Transport {
 public:
  using Sent = tl::expected<http::Response, http::TransportError>;

  struct Exchange {
    http::Request request;
    std::string body;
    // The value of a header, empty when it is not there.
    std::string header(std::string_view name) const {
      return std::string(http::find_header(request.headers, name).value_or(""));
    }
  };

  // The next answers, in order. With none left, `otherwise` answers; without one, the host is unknown.
  void answer(int status, std::string body = "", http::Headers headers = {}) {
    answers_.emplace_back(tl::in_place, http::Response{status, std::move(headers), std::move(body)});
  }
  void fail(http::TransportError::Kind kind, std::string message = "the fake refused") {
    answers_.emplace_back(tl::unexpect, http::TransportError{kind, std::move(message)});
  }
  std::function<Sent(const Exchange&)> otherwise = {};

  Sent send(const http::Request& request) override {
    const std::lock_guard lock(mutex_);
    exchanges_.push_back({request, text_of(request)});
    if (answers_.empty() && otherwise) return otherwise(exchanges_.back());
    if (answers_.empty()) {
      return tl::unexpected(http::TransportError{http::TransportError::Kind::resolve, "no answer is left"});
    }
    Sent next = std::move(answers_.front());
    answers_.pop_front();
    if (next && next->status / 100 == 2 && request.sink) {
      if (const auto taken = request.sink(std::as_bytes(std::span(next->body))); !taken) {
        return tl::unexpected(http::TransportError{http::TransportError::Kind::local, "the sink failed", taken.error()});
      }
      next->body.clear();
    }
    return next;
  }

  const std::vector<Exchange>& exchanges() const { return exchanges_; }
  std::size_t unused_answers() const { return answers_.size(); }

 private:
  static std::string text_of(const http::Request& request) {
    if (request.body == nullptr) return {};
    std::string text(request.body->size(), '\0');
    if (!request.body->read(0, std::as_writable_bytes(std::span(text)))) return "the body cannot be read";
    return text;
  }

  std::mutex mutex_;
  std::deque<Sent> answers_;
  std::vector<Exchange> exchanges_;
};

}  // namespace smflow::test
