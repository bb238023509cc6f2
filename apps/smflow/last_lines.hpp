#pragma once

#include <deque>
#include <map>
#include <string>
#include <vector>

#include <smflow/plan/training_service.hpp>

namespace smflow::cli {

// Passes everything on to another view and keeps the last lines of each host, for the reason of a failure.
class LastLines : public plan::JobObserver {
 public:
  explicit LastLines(plan::JobObserver& view) : view_(view) {}

  void on_status(const plan::StatusTransition& transition) override { view_.on_status(transition); }
  void on_log(std::string_view host, std::string_view line) override;
  void on_notice(std::string_view text) override { view_.on_notice(text); }

  // Of the host that most likely failed: the one that `reason` names, else the one whose last lines speak of an error,
  // else the one that wrote last. With several hosts each line begins with its host.
  std::vector<std::string> of_failed_host(const std::string& reason) const;

 private:
  std::string failed_host(const std::string& reason) const;

  plan::JobObserver& view_;
  std::map<std::string, std::deque<std::string>, std::less<>> hosts_;
  std::string latest_;
};

}  // namespace smflow::cli
