#pragma once

#include <cstdio>
#include <memory>

#include <smflow/plan/training_service.hpp>

namespace smflow::cli {

// Lines of a job's logs, in a file that no other program sees and that goes with this object.
class KeptLines {
 public:
  void add(std::string_view host, std::string_view line, WallTime time);
  // Hands them out in their order. False when some could not be kept: then none comes.
  bool replay(plan::JobObserver& observer) const;

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  const std::unique_ptr<std::FILE, Close> file_{std::tmpfile()};
  bool complete_ = file_ != nullptr;
};

// Passes everything on, and keeps the lines.
class LineKeeper : public plan::ForwardingObserver {
 public:
  // Both live longer.
  LineKeeper(plan::JobObserver& next, KeptLines& lines) : ForwardingObserver(next), lines_(lines) {}
  void on_log(std::string_view host, std::string_view line, WallTime time) override;

 private:
  KeptLines& lines_;
};

// A job that has ended and whose lines were read: following it asks `service` only for lines that could not be kept.
class ReadJob : public plan::TrainingService {
 public:
  ReadJob(plan::TrainingService& service, const plan::JobDescription& job, const KeptLines& lines)
      : service_(service), job_(job), lines_(lines) {}

  Result<void> submit(const plan::JobPlan& plan) override { return service_.submit(plan); }
  Result<plan::JobDescription> describe(const std::string&) override { return job_; }
  Result<void> stop(const std::string& name) override { return service_.stop(name); }
  Result<plan::JobDescription> follow(const std::string& name, plan::JobObserver& observer) override;

 private:
  plan::TrainingService& service_;
  const plan::JobDescription& job_;
  const KeptLines& lines_;
};

}  // namespace smflow::cli
