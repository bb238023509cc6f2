#include "job_view.hpp"

#include "training_progress.hpp"

#include <fmt/format.h>

#include <smflow/base/json.hpp>
#include <smflow/base/text.hpp>

namespace smflow::cli {

namespace {

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

  void on_log(std::string_view host, std::string_view line, WallTime) override {
    progress_.read(line, clock_.steady_now());
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
    const double share = progress_.share();
    if (share > 0) text += fmt::format(" ▕{}▏ {:.0f} %", progress_bar(share, 1, 20), share * 100);
    if (const auto left = progress_.left()) text += fmt::format(", about {} left", format_duration(*left));
    return options_.hint.empty() ? text : text + " · " + options_.hint;
  }

  std::FILE* out_;
  Screen& screen_;
  const Clock& clock_;
  TextViewOptions options_;
  SteadyTime begin_;
  std::string status_ = "Starting";
  TrainingProgress progress_;
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
  void on_log(std::string_view host, std::string_view line, WallTime time) override {
    write({{"event", "log"}, {"time", format_utc(time)}, {"host", host}, {"line", line}});
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
