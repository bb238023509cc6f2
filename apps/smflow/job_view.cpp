#include "job_view.hpp"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include <smflow/base/json.hpp>
#include <smflow/base/text.hpp>
#include <smflow/plan/training_position.hpp>

namespace smflow::cli {

namespace {

// Share of the training that is done, from a log line in the form "[epoch/epochs][batch/batches] ...".
std::optional<double> training_share(std::string_view line) {
  const auto at = plan::training_position(line);
  if (!at) return std::nullopt;
  return std::min(1.0, (at->epoch + static_cast<double>(at->batch) / at->batches) / at->epochs);
}

class TextView : public plan::JobObserver {
 public:
  TextView(std::FILE* out, Screen& screen, const Clock& clock, TextViewOptions options)
      : out_(out), screen_(screen), clock_(clock), options_(std::move(options)), begin_(clock.steady_now()) {}

  void on_status(const plan::StatusTransition& transition) override {
    status_ = transition.status;
    const std::string time = format_utc(transition.start).substr(11, 8);
    std::string text = screen_.paint("2", time) + " " + screen_.paint("1", transition.status);
    if (!transition.message.empty()) text += "  " + printable(transition.message);
    screen_.line(text);
  }

  void on_log(std::string_view host, std::string_view line) override {
    if (const auto share = training_share(line)) share_ = *share;
    screen_.clear_live();
    const std::string text = (options_.several_hosts ? std::string(host) + " │ " : "") + printable(line) + "\n";
    std::fwrite(text.data(), 1, text.size(), out_);
    std::fflush(out_);
    if (options_.live) screen_.live(live_line());
  }

  void on_notice(std::string_view text) override { screen_.line(screen_.paint("33", "note") + ": " + printable(text)); }

 private:
  std::string live_line() const {
    const auto passed = std::chrono::duration_cast<std::chrono::milliseconds>(clock_.steady_now() - begin_);
    std::string text = fmt::format("{} {}", status_, format_duration(passed));
    if (share_ > 0) {
      const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(passed * ((1 - share_) / share_));
      text += fmt::format(" ▕{}▏ {:.0f} %, about {} left", progress_bar(share_, 1, 20), share_ * 100,
                          format_duration(left));
    }
    return options_.hint.empty() ? text : text + " · " + options_.hint;
  }

  std::FILE* out_;
  Screen& screen_;
  const Clock& clock_;
  TextViewOptions options_;
  SteadyTime begin_;
  std::string status_ = "Starting";
  double share_ = 0;
};

class JsonView : public plan::JobObserver {
 public:
  explicit JsonView(std::FILE* out) : out_(out) {}

  void on_status(const plan::StatusTransition& transition) override {
    write({{"event", "status"},
           {"time", format_utc(transition.start)},
           {"status", transition.status},
           {"message", transition.message}});
  }
  void on_log(std::string_view host, std::string_view line) override {
    write({{"event", "log"}, {"host", host}, {"line", line}});
  }
  void on_notice(std::string_view text) override { write({{"event", "notice"}, {"text", text}}); }

 private:
  void write(const OrderedJson& event) {
    const std::string text = event.dump(-1, ' ', false, OrderedJson::error_handler_t::replace) + "\n";
    std::fwrite(text.data(), 1, text.size(), out_);
    std::fflush(out_);
  }

  std::FILE* out_;
};

}  // namespace

std::unique_ptr<plan::JobObserver> make_text_view(std::FILE* out, Screen& screen, const Clock& clock,
                                                  TextViewOptions options) {
  return std::make_unique<TextView>(out, screen, clock, std::move(options));
}

std::unique_ptr<plan::JobObserver> make_json_view(std::FILE* out) {
  return std::make_unique<JsonView>(out);
}

}  // namespace smflow::cli
