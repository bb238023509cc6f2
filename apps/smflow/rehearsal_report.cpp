#include "rehearsal_report.hpp"

#include <array>

#include <fmt/format.h>
#include <unistd.h>

#include <smflow/base/redact.hpp>
#include <smflow/base/text.hpp>
#include <smflow/plan/training_position.hpp>

namespace smflow::cli {

namespace {

using rehearsal::Interruption;
using rehearsal::Report;
using rehearsal::Resume;
using rehearsal::Verdict;
using rehearsal::Way;
using std::chrono::milliseconds;

class View : public rehearsal::RehearsalObserver {
 public:
  View(Screen& screen, const Clock& clock, const rehearsal::SpotOptions& options)
      : screen_(screen), clock_(clock), options_(options) {}

  void on_start(int number) override {
    begin_ = clock_.steady_now();
    position_.clear();
    name_ = number == 0 ? "reference" : "start " + std::to_string(number);
    const bool reclaimed = number > 0 && number <= options_.times;
    say(reclaimed ? "SIGTERM comes after " + format_duration(options_.after) : "nobody interrupts it");
  }
  void on_end(const rehearsal::StartFacts& start) override {
    std::string text = start.interrupted ? "interrupted" : plan::to_string(start.job.status);
    if (start.trace.last) text += fmt::format(" at step {}", *start.trace.last);
    say(text);
  }
  void on_status(const plan::StatusTransition& transition) override { status_ = transition.status; }
  void on_log(std::string_view, std::string_view line, WallTime) override {
    if (const auto at = plan::training_position(line))
      position_ = fmt::format(", epoch {} of {}", at->epoch, at->epochs);
    const auto passed = std::chrono::duration_cast<milliseconds>(clock_.steady_now() - begin_);
    screen_.live(fmt::format("{} · {} {}{}", name_, status_, format_duration(passed), position_));
  }
  void on_notice(std::string_view text) override { say(std::string(text)); }

 private:
  void say(const std::string& text) {
    screen_.clear_live();
    screen_.line(fmt::format("{}  {}", screen_.paint("1", fmt::format("{:<9}", name_)), printable(text)));
  }

  Screen& screen_;
  const Clock& clock_;
  const rehearsal::SpotOptions options_;
  SteadyTime begin_;
  std::string name_;
  std::string status_ = "Starting";
  std::string position_;
};

struct Word {
  const char* text;
  const char* color;
};

Word word_of(Verdict verdict) {
  static constexpr std::array<Word, 6> words{Word{"IDENTICAL", "1;32"},   Word{"RESUMED", "1;32"},
                                             Word{"NOT RESUMED", "1;31"}, Word{"FAILED", "1;31"},
                                             Word{"NOT PROVEN", "1;33"},  Word{"NOT REHEARSED", "1;33"}};
  return words[static_cast<std::size_t>(verdict)];
}

std::string precise(milliseconds duration) {
  return fmt::format("{:.1f} s", std::chrono::duration<double>(duration).count());
}

std::string exit_codes(const Interruption& interruption) {
  if (interruption.hosts.size() == 1) return fmt::format("exit code {}", interruption.hosts.front().exit_code);
  std::vector<std::string> codes;
  for (const plan::HostExit& host : interruption.hosts)
    codes.push_back(fmt::format("{} {}", host.host, host.exit_code));
  return "exit codes: " + join(codes, ", ");
}

std::string end_of(const Interruption& interruption) {
  std::string text = "after " + precise(interruption.after);
  if (interruption.step) text += fmt::format(" at step {}", *interruption.step);
  if (interruption.epoch > 0) text += fmt::format(" (epoch {})", interruption.epoch);
  const char* end = interruption.killed ? "killed when the grace was over," : "ended within";
  return fmt::format("{}; {} {}, {}", text, end, precise(interruption.stopping), exit_codes(interruption));
}

std::string way_of(const Resume& resume) {
  if (resume.way == Way::untold) return "where it went on is not known";
  if (resume.way == Way::nothing_left) return "nothing was left to do";
  if (resume.way == Way::start) return "began again from the start";
  return resume.at ? fmt::format("resumed at step {}", *resume.at)
                   : fmt::format("resumed before step {}", resume.next_step.value_or(0));
}

std::string loss_of(const Resume& resume) {
  if (resume.way == Way::untold || resume.way == Way::nothing_left) return {};
  if (resume.lost_steps == 0) return resume.lost_is_exact ? "; no work lost" : "; no told step lost";
  const std::string least = resume.lost_is_exact ? "" : "at least ";
  return "; " + least + counted(static_cast<std::size_t>(resume.lost_steps), "step") + " of work lost";
}

std::string difference_of(const rehearsal::FileDifference& difference) {
  using Kind = rehearsal::FileDifference::Kind;
  if (difference.kind == Kind::only_in_reference) return difference.path + ": is missing";
  if (difference.kind == Kind::only_in_rehearsed) return difference.path + ": is not in the reference";
  if (!difference.tensor) return difference.path + ": other bytes";
  return fmt::format("{}: differs by {:.3g} at most, in '{}'", difference.path, difference.tensor->largest,
                     difference.tensor->tensor);
}

std::string curve_headline(const rehearsal::CurveComparison& curve) {
  const std::string what = fmt::format("{} of {}", counted(curve.points, "value"), join(curve.metrics, ", "));
  return curve.first ? "another, in " + what : "the same, in " + what;
}

class Table {
 public:
  explicit Table(std::FILE* out) : out_(out) {}
  void row(const std::string& name, const std::string& text) {
    fmt::print(out_, "{:<16} {}\n", name, printable(redact(text)));
  }

 private:
  std::FILE* out_;
};

void print_interruptions(Table& table, const Report& report) {
  int number = 0;
  for (const Interruption& interruption : report.interruptions) {
    table.row(fmt::format("interruption {}", ++number), end_of(interruption));
    table.row("", way_of(interruption.resume) + loss_of(interruption.resume));
  }
}

void print_comparison(Table& table, const Report& report) {
  if (report.model) {
    const auto& differences = report.model->differences;
    const std::string files = counted(report.model->files, "file");
    table.row("model", differences.empty() ? "the same, " + files + " byte for byte" : "another, of " + files);
    for (const auto& difference : differences) table.row("", difference_of(difference));
  }
  const rehearsal::CurveComparison& curve = report.curve;
  if (curve.points == 0) return;
  table.row("curve", curve_headline(curve));
  if (curve.missing > 0) table.row("", counted(curve.missing, "value") + " of the reference missing");
  for (const auto& [name, difference] : {std::pair("first", curve.first), std::pair("largest", curve.largest)}) {
    if (!difference) continue;
    table.row("", fmt::format("{} difference at step {}: {} is {:.6g}, in the reference {:.6g}", name, difference->step,
                              difference->metric, difference->rehearsed, difference->reference));
  }
}

void print_text(const Session& session, const Report& report) {
  const bool terminal = isatty(fileno(session.out)) == 1;
  const Screen out(session.out, terminal, use_color(session.color, terminal));
  const Word word = word_of(report.verdict);
  fmt::print(session.out, "{}  {}\n", out.paint(word.color, word.text), printable(redact(report.headline)));
  Table table(session.out);
  print_interruptions(table, report);
  if (!report.interruptions.empty()) {
    print_comparison(table, report);
    table.row("training time",
              fmt::format("{} in {}; without interruptions {}", precise(report.training),
                          counted(report.interruptions.size() + 1, "start"), precise(report.reference_training)));
  }
  for (const std::string& note : report.notes) table.row("note", note);
}

}  // namespace

std::unique_ptr<rehearsal::RehearsalObserver> make_rehearsal_view(Screen& screen, const Clock& clock,
                                                                  const rehearsal::SpotOptions& options) {
  return std::make_unique<View>(screen, clock, options);
}

void print_rehearsal(const Session& session, const Report& report) {
  if (session.json) {
    const std::string json = rehearsal::to_json(report).dump(2, ' ', false, OrderedJson::error_handler_t::replace);
    fmt::print(session.out, "{}\n", json);
  } else {
    print_text(session, report);
  }
  std::fflush(session.out);
}

}  // namespace smflow::cli
