#pragma once

#include <deque>
#include <map>
#include <string>
#include <vector>

#include <smflow/plan/training_service.hpp>

namespace smflow::cli {

// How many are kept of a host.
inline constexpr int last_line_count = 10;

// Keeps the last lines of each host, for the reason of a failure.
class LastLines : public plan::ForwardingObserver {
 public:
  using ForwardingObserver::ForwardingObserver;

  void on_log(std::string_view host, std::string_view line, WallTime time) override;

  // Of the host that most likely failed: the one that `reason` names, else the one whose last lines speak of an error,
  // else the one that wrote last. With several hosts each line begins with its host.
  std::vector<std::string> of_failed_host(const std::string& reason) const;

 private:
  std::string failed_host(const std::string& reason) const;

  std::map<std::string, std::deque<std::string>, std::less<>> hosts_;
  std::string latest_;
};

}  // namespace smflow::cli
