#include "follower.hpp"

#include "description.hpp"

namespace smflow::sagemaker {

namespace {

bool is_terminal_transition(const plan::StatusTransition& transition) {
  return transition.status == "MaxRuntimeExceeded" || transition.status == "MaxWaitTimeExceeded" ||
         plan::is_terminal(job_status(transition.status));
}

std::string what_failed(const aws::AwsError& error) {
  return aws::as_error(error).message;
}

}  // namespace

Follower::Follower(const ServiceParts& parts, const FollowOptions& options, std::string job,
                   plan::JobObserver& observer)
    : parts_(parts),
      options_(options),
      job_(std::move(job)),
      observer_(observer),
      pace_(parts.clock, parts.sleep, parts.detach),
      tail_(
          parts.logs, pace_, job_, options.logs,
          [this](std::string_view host, std::string_view line, WallTime time) { observer_.on_log(host, line, time); }),
      describing_(options.pacing.describe, options.pacing.patience, options.pacing.denial),
      reading_(options.pacing.logs, options.pacing.patience, options.pacing.denial),
      reads_logs_(options.with_logs),
      news_(parts.clock.steady_now()),
      next_look_(news_),
      next_poll_(news_) {}

Result<plan::JobDescription> Follower::follow() {
  for (;;) {
    Stopped stopped = look();
    if (!stopped) {
      if (const Stopped reading = poll_logs()) go_on_without_logs(*reading);
    }
    if (pace_.cancelled()) stopped = detached();
    if (stopped) {
      tail_.flush();
      return tl::unexpected(*std::move(stopped));
    }
    if (ended_ && logs_are_quiet()) break;
    pause_until(next_call());
  }
  for (; reported_ < last_->transitions.size(); ++reported_) observer_.on_status(last_->transitions[reported_]);
  return *std::move(last_);
}

Result<void> Follower::read_logs() {
  while (!complete_) {
    Stopped stopped = poll_logs();
    if (pace_.cancelled()) stopped = detached();
    if (stopped) {
      tail_.flush();
      return tl::unexpected(*std::move(stopped));
    }
    if (!complete_) pause_until(next_poll_);
  }
  return {};
}

Follower::Stopped Follower::look() {
  if (ended_ || parts_.clock.steady_now() < next_look_) return std::nullopt;
  pace_.wait_for_turn();
  const auto job = parts_.training.describe(job_);
  if (!job) return look_failed(job.error());
  if (describing_.is_failing()) observer_.on_notice("SageMaker answers again");
  describing_.success();
  next_look_ = parts_.clock.steady_now() + options_.pacing.describe;
  const bool first = !last_;
  last_ = description_of(*job);
  ended_ = plan::is_terminal(last_->status);
  settles_ = !(first && ended_long_ago());
  if (ended_) next_poll_ = news_ = parts_.clock.steady_now();
  report_transitions(*last_);
  return std::nullopt;
}

Follower::Stopped Follower::look_failed(const aws::AwsError& error) {
  const bool first = !describing_.is_failing();
  const auto delay = describing_.after(error, parts_.clock.steady_now());
  if (!delay) return job_error(job_, error);
  if (first) observer_.on_notice("cannot ask SageMaker, and will ask again: " + what_failed(error));
  next_look_ = parts_.clock.steady_now() + *delay;
  return std::nullopt;
}

// The list grows at its end; the message of its last element changes while it lasts.
void Follower::report_transitions(const plan::JobDescription& job) {
  if (reported_ > 0 && reported_ <= job.transitions.size()) {
    const plan::StatusTransition& latest = job.transitions[reported_ - 1];
    if (latest.message != reported_message_) observer_.on_status(latest);
    reported_message_ = latest.message;
  }
  for (; reported_ < job.transitions.size(); ++reported_) {
    const plan::StatusTransition& next = job.transitions[reported_];
    if (is_terminal_transition(next)) return;
    observer_.on_status(next);
    reported_message_ = next.message;
  }
}

Follower::Stopped Follower::poll_logs() {
  if (!reads_logs_ || parts_.clock.steady_now() < next_poll_) return std::nullopt;
  const auto poll = tail_.poll();
  if (!poll) return logs_failed(poll.error());
  reading_.success();
  const SteadyTime now = parts_.clock.steady_now();
  complete_ = poll->complete;
  if (poll->news) news_ = now;
  next_poll_ = complete_ ? now + options_.pacing.logs : now;
  return std::nullopt;
}

Follower::Stopped Follower::logs_failed(const aws::AwsError& error) {
  const bool first = !reading_.is_failing();
  complete_ = false;
  if (error.kind == aws::AwsError::Kind::cancelled) return std::nullopt;
  if (const auto delay = reading_.after(error, parts_.clock.steady_now())) {
    if (first) observer_.on_notice("cannot read the logs, and will try again: " + what_failed(error));
    next_poll_ = parts_.clock.steady_now() + *delay;
    return std::nullopt;
  }
  return aws::as_error(error);
}

void Follower::go_on_without_logs(const Error& error) {
  tail_.flush();
  reads_logs_ = false;
  observer_.on_notice("the logs are not shown: " + error.message);
}

// Only of a job that has not been seen running: of another one this machine's clock, which may be wrong, is not asked.
bool Follower::ended_long_ago() const {
  if (!ended_) return false;
  // A job that has failed before it trained has no time of its end.
  const WallTime begun = last_->transitions.empty() ? last_->creation_time : last_->transitions.back().start;
  return parts_.clock.now() - last_->training_end_time.value_or(begun) > options_.pacing.late_lines;
}

bool Follower::logs_are_quiet() const {
  if (!reads_logs_) return true;
  return complete_ && (!settles_ || parts_.clock.steady_now() - news_ >= options_.pacing.settle);
}

SteadyTime Follower::next_call() const {
  const SteadyTime next = ended_ ? next_poll_ : next_look_;
  return reads_logs_ ? std::min(next, next_poll_) : next;
}

void Follower::pause_until(SteadyTime next) {
  const SteadyTime now = parts_.clock.steady_now();
  if (now < next) pace_.sleep(std::chrono::ceil<std::chrono::milliseconds>(next - now));
}

Error Follower::detached() const {
  return {.code = "E432",
          .exit = ExitCode::interrupted,
          .message = "following '" + job_ + "' was interrupted; the job goes on",
          .fix = "smflow logs " + job_ + " --follow"};
}

}  // namespace smflow::sagemaker
