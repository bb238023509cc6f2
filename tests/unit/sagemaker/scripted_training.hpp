#pragma once

#include "support/fake_clock.hpp"

#include <deque>
#include <map>
#include <vector>

#include <smflow/sagemaker/training_api.hpp>

namespace smflow::sagemaker {

// SageMaker's calls on one job: its description is the last of a history whose time has come.
class ScriptedTraining : public TrainingApi {
 public:
  explicit ScriptedTraining(const Clock& clock) : clock_(clock), begin_(clock.now()) {}

  // From `after` on the job is in this state; its transitions are those of the history up to here.
  void at(std::chrono::seconds after, const std::string& status, const std::string& secondary,
          const std::string& message = {}) {
    history_.push_back({after, status, secondary, message});
  }

  // What the next calls fail with, one each; none: that call succeeds.
  std::deque<std::optional<aws::AwsError>> create_faults;
  std::deque<std::optional<aws::AwsError>> describe_faults;
  std::deque<std::optional<aws::AwsError>> stop_faults;
  bool faulty_create_is_carried_out = false;
  bool exists = true;
  Json document = Json::object();  // of the job, beside what the history says
  std::string failure_reason;
  std::vector<Json> created;
  int described = 0;
  int stopped = 0;

  aws::Outcome<std::string> create(const Json& request) override {
    created.push_back(request);
    const auto fault = next(create_faults);
    if (!fault || faulty_create_is_carried_out) accept(request);
    if (fault) return tl::unexpected(*fault);
    return "arn:aws:sagemaker:eu-west-1:111122223333:training-job/" + request.at("TrainingJobName").get<std::string>();
  }

  aws::Outcome<aws::TrainingJob> describe(const std::string& job) override {
    ++described;
    if (const auto fault = next(describe_faults)) return tl::unexpected(*fault);
    if (!exists) return tl::unexpected(unknown_job());
    aws::TrainingJob answer;
    answer.name = job;
    answer.document = document;
    answer.creation_time = begin_;
    answer.failure_reason = failure_reason;
    for (const State& state : history_) {
      const WallTime start = begin_ + state.after;
      if (start > clock_.now()) break;
      answer.status = state.status;
      answer.secondary_status = state.secondary;
      add_transition(answer.transitions, state, start);
      for (const char* end : {"Completed", "Failed", "Stopped"}) {
        if (state.status == end) answer.training_end_time = start;
      }
    }
    return answer;
  }

  aws::Outcome<void> stop(const std::string&) override {
    ++stopped;
    if (const auto fault = next(stop_faults)) return tl::unexpected(*fault);
    return {};
  }

  static aws::AwsError unknown_job() {
    return {.kind = aws::AwsError::Kind::invalid,
            .service = "sagemaker",
            .code = "ValidationException",
            .message = "Requested resource not found."};
  }

 private:
  struct State {
    std::chrono::seconds after;
    std::string status;
    std::string secondary;
    std::string message;
  };

  // A state of the same name goes on with another message.
  static void add_transition(std::vector<aws::SecondaryStatusTransition>& all, const State& state, WallTime start) {
    if (!all.empty() && all.back().status == state.secondary) {
      all.back().message = state.message;
      return;
    }
    if (!all.empty()) all.back().end_time = start;
    all.push_back({.status = state.secondary, .start_time = start, .end_time = {}, .message = state.message});
  }

  void accept(const Json& request) {
    exists = true;
    document = request;
  }

  static std::optional<aws::AwsError> next(std::deque<std::optional<aws::AwsError>>& faults) {
    if (faults.empty()) return std::nullopt;
    auto first = std::move(faults.front());
    faults.pop_front();
    return first;
  }

  const Clock& clock_;
  const WallTime begin_;
  std::vector<State> history_;
};

}  // namespace smflow::sagemaker
