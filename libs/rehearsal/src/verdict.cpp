#include "resume.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include <smflow/base/text.hpp>

namespace smflow::rehearsal {

namespace {

using std::chrono::milliseconds;

// Of what is measured from outside, compared with a timer inside.
constexpr milliseconds slack{500};

milliseconds training_of(const plan::JobDescription& job) {
  if (!job.training_start_time || !job.training_end_time) return milliseconds(0);
  return *job.training_end_time - *job.training_start_time;
}

void measure_stop(Interruption& interruption, const plan::JobDescription& job, std::chrono::seconds grace) {
  const auto stopping = std::ranges::find(job.transitions, "Stopping", &plan::StatusTransition::status);
  if (stopping == job.transitions.end() || !job.training_start_time) return;
  interruption.after = stopping->start - *job.training_start_time;
  interruption.stopping = job.training_end_time.value_or(stopping->start) - stopping->start;
  const bool killed = std::ranges::any_of(job.hosts, [](const plan::HostExit& host) { return host.exit_code == 137; });
  interruption.killed = killed && interruption.stopping + slack >= grace;
}

std::vector<Interruption> interruptions_of(const SpotFacts& facts) {
  std::vector<Interruption> found;
  Reached reached;
  for (std::size_t i = 0; i + 1 < facts.starts.size(); ++i) {
    const StartFacts& start = facts.starts[i];
    if (start.trace.last) reached = {start.trace.last, start.trace.last_is_exact};
    Interruption interruption{.step = reached.step,
                              .epoch = start.trace.epoch,
                              .hosts = start.job.hosts,
                              .checkpoint_files = start.checkpoint_files,
                              .resume = resume_of(facts.reference.trace, reached, facts.starts[i + 1])};
    measure_stop(interruption, start.job, facts.grace);
    found.push_back(std::move(interruption));
  }
  return found;
}

Report measured(const SpotFacts& facts) {
  Report report{.job_name = facts.job_name,
                .after = facts.after,
                .times = facts.times,
                .grace = facts.grace,
                .steps = facts.reference.trace.last,
                .reference_training = training_of(facts.reference.job),
                .interruptions = interruptions_of(facts),
                .model = facts.model};
  std::vector<Trace> traces;
  for (const StartFacts& start : facts.starts) {
    report.training += training_of(start.job);
    traces.push_back(start.trace);
  }
  report.curve = compare_curves(facts.reference.trace.metrics, merged_metrics(traces));
  return report;
}

// Null when none did.
const plan::JobDescription* failed_job(const SpotFacts& facts) {
  const plan::JobDescription& reference = facts.reference.job;
  if (reference.status != plan::JobStatus::Completed) return &reference;
  if (facts.starts.empty()) return nullptr;
  const plan::JobDescription& last = facts.starts.back().job;
  return last.status == plan::JobStatus::Completed ? nullptr : &last;
}

bool is_restart(const Interruption& interruption) {
  return interruption.resume.way == Way::start && interruption.resume.lost_steps > 0;
}

bool is_resume(const Interruption& interruption) {
  return interruption.resume.way == Way::step || interruption.resume.way == Way::nothing_left;
}

Verdict verdict_of(const SpotFacts& facts, const Report& report) {
  const std::vector<Interruption>& all = report.interruptions;
  if (failed_job(facts) != nullptr) return Verdict::failed;
  if (all.empty()) return Verdict::not_rehearsed;
  if (!facts.reference.trace.first) return Verdict::untold;
  if (std::ranges::none_of(all, [](const Interruption& one) { return one.step.has_value(); })) {
    return Verdict::not_rehearsed;
  }
  if (std::ranges::any_of(all, is_restart)) return Verdict::restarted;
  if (std::ranges::none_of(all, is_resume)) return Verdict::untold;
  const bool same_model = report.model && report.model->files > 0 && report.model->differences.empty();
  return same_model ? Verdict::identical : Verdict::resumed;
}

std::string failure_headline(const SpotFacts& facts) {
  const plan::JobDescription& job = *failed_job(facts);
  const std::string why = job.failure_reason.empty() ? job.secondary_status : job.failure_reason;
  if (facts.starts.empty()) return "the uninterrupted run failed: " + why;
  const std::size_t interruptions = facts.starts.size() - 1;
  if (interruptions == 0) return "the job failed before the first interruption: " + why;
  return fmt::format("the start after interruption {} failed: {}", interruptions, why);
}

std::string too_soon_headline(const Report& report) {
  if (report.interruptions.empty()) {
    return fmt::format("the job ended after {}, before the first interruption at {}",
                       format_duration(report.reference_training), format_duration(report.after));
  }
  return fmt::format("{} after its start the program has not told of any step", format_duration(report.after));
}

std::string restart_headline(const Report& report) {
  const auto restart = std::ranges::find_if(report.interruptions, is_restart);
  return fmt::format("after interruption {} the program began again from the start; {} of work were lost",
                     restart - report.interruptions.begin() + 1,
                     counted(static_cast<std::size_t>(restart->resume.lost_steps), "step"));
}

std::string headline_of(const SpotFacts& facts, const Report& report) {
  switch (report.verdict) {
    case Verdict::identical:
      return "resumed after every interruption, and ended with the model of the uninterrupted run";
    case Verdict::resumed:
      return report.model ? "resumed after every interruption, and ended with another model than the uninterrupted run"
                          : "resumed after every interruption";
    case Verdict::restarted:
      return restart_headline(report);
    case Verdict::failed:
      return failure_headline(facts);
    case Verdict::untold:
      return facts.reference.trace.first ? "the program does not tell at which step it went on"
                                         : "the program does not tell its steps";
    case Verdict::not_rehearsed:
      return too_soon_headline(report);
  }
  return {};
}

// How the program's own values stand to those of the reference.
void note_curve(const SpotFacts& facts, const Report& report, std::vector<std::string>& notes) {
  const auto before = compare_curves(facts.reference.trace.metrics, facts.starts.front().trace.metrics).first;
  if (before) {
    notes.push_back(fmt::format(
        "'{}' differs at step {}, before any interruption: two runs of this program are never the same, and "
        "what comes later proves nothing; set its seeds, and one thread",
        before->metric, before->step));
    return;
  }
  const auto& after = report.curve.first;
  if (after) {
    notes.push_back(fmt::format(
        "'{}' is that of the uninterrupted run up to step {}, and differs from then on: the checkpoint does "
        "not hold everything, like the optimiser, the random numbers or the place in the data",
        after->metric, after->step - 1));
  }
}

void note_stops(const SpotFacts& facts, const Report& report, std::vector<std::string>& notes) {
  for (std::size_t i = 0; i < report.interruptions.size(); ++i) {
    const Interruption& one = report.interruptions[i];
    if (one.killed) {
      notes.push_back(
          fmt::format("at interruption {} the program did not end within {} of SIGTERM and was killed: let "
                      "it save and leave when SIGTERM comes",
                      i + 1, format_duration(report.grace)));
    }
    if (one.checkpoint_files == 0) {
      notes.push_back(fmt::format("after interruption {} there was nothing in '{}': save checkpoints there", i + 1,
                                  facts.checkpoint_folder));
    }
  }
}

std::string shorter_after(const Report& report) {
  const auto third = std::chrono::floor<std::chrono::seconds>(report.reference_training / 3);
  return fmt::format("take a shorter --after, like --after {}s", std::max<std::int64_t>(1, third.count()));
}

std::vector<std::string> notes_of(const SpotFacts& facts, const Report& report) {
  std::vector<std::string> notes;
  const auto made = static_cast<int>(report.interruptions.size());
  if (report.verdict == Verdict::failed) return notes;
  if (made == 0) return {shorter_after(report)};
  note_stops(facts, report, notes);
  if (report.verdict == Verdict::not_rehearsed) notes.push_back("take a longer --after");
  if (made < report.times) {
    notes.push_back(fmt::format("the job was over after {} of {}; {}", made,
                                counted(static_cast<std::size_t>(report.times), "interruption"),
                                shorter_after(report)));
  }
  if (report.verdict == Verdict::untold) {
    notes.push_back("let it print lines like {\"step\":150,\"epoch\":1,\"m\":{\"loss\":2.1}}, one for every few steps");
  }
  if (!report.model) notes.push_back("the job leaves nothing in /opt/ml/model: no model was compared");
  note_curve(facts, report, notes);
  return notes;
}

}  // namespace

const char* to_string(Verdict verdict) {
  static constexpr std::array<const char*, 6> names{"identical", "resumed", "restarted",
                                                    "failed",    "untold",  "not_rehearsed"};
  return names[static_cast<std::size_t>(verdict)];
}

const char* to_string(Way way) {
  static constexpr std::array<const char*, 4> names{"step", "start", "nothing_left", "untold"};
  return names[static_cast<std::size_t>(way)];
}

Report judge(const SpotFacts& facts) {
  Report report = measured(facts);
  report.verdict = verdict_of(facts, report);
  report.headline = headline_of(facts, report);
  report.notes = notes_of(facts, report);
  return report;
}

ExitCode exit_code(Verdict verdict) {
  if (verdict == Verdict::identical || verdict == Verdict::resumed) return ExitCode::success;
  return verdict == Verdict::not_rehearsed ? ExitCode::usage : ExitCode::job_failed;
}

}  // namespace smflow::rehearsal
