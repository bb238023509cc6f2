#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include <smflow/base/clock.hpp>
#include <smflow/base/terminal.hpp>
#include <smflow/s3/s3_store.hpp>

namespace smflow::cli {

// What travels between this machine and S3, on one live line: how many objects and bytes since it was shown, how fast
// since the first of them, and how much of a large one is there. Safe to use from several threads.
class TransferLine {
 public:
  explicit TransferLine(const Clock& clock) : clock_(clock) {}

  // From now on, beginning with zero; nullptr: no more. The screen lives until then.
  void show_on(Screen* screen);
  void moved(const s3::ObjectProgress& object);

 private:
  std::string text(const s3::ObjectProgress& latest) const;

  const Clock& clock_;
  std::mutex mutex_;
  Screen* screen_ = nullptr;
  std::optional<SteadyTime> begin_;
  std::map<std::string, std::uint64_t> under_way_;  // bytes by URI
  std::uint64_t bytes_ = 0;
  std::size_t objects_ = 0;  // that are through
};

}  // namespace smflow::cli
