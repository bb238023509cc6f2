#pragma once

#include <mutex>

#include <smflow/s3/transfer.hpp>

namespace smflow::s3 {

// Adds up what the parts of one transfer have moved.
class Meter {
 public:
  Meter(const Progress& progress, std::uint64_t total) : progress_(progress), total_(total) {}
  void add(std::uint64_t bytes);

 private:
  std::mutex mutex_;
  const Progress& progress_;
  const std::uint64_t total_;
  std::uint64_t done_ = 0;
};

// One of the slots, if there are any, for as long as it lives.
class SlotGuard {
 public:
  explicit SlotGuard(Slots* slots) : slots_(slots) {
    if (slots_ != nullptr) slots_->acquire();
  }
  ~SlotGuard() {
    if (slots_ != nullptr) slots_->release();
  }
  SlotGuard(const SlotGuard&) = delete;
  SlotGuard& operator=(const SlotGuard&) = delete;

 private:
  Slots* const slots_;
};

}  // namespace smflow::s3
