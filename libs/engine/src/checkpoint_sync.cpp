#include "checkpoint_sync.hpp"

namespace smflow::engine {

CheckpointSync::CheckpointSync(std::unique_ptr<storage::Store> store, std::vector<std::filesystem::path> folders,
                               std::chrono::milliseconds interval, std::function<Result<void>()> refresh)
    : store_(std::move(store)), folders_(std::move(folders)), interval_(interval), refresh_(std::move(refresh)) {}

CheckpointSync::~CheckpointSync() {
  stop();
}

Result<void> CheckpointSync::restore() {
  for (const std::filesystem::path& folder : folders_) {
    if (auto copied = storage::sync_down(*store_, "", folder); !copied) return tl::unexpected(copied.error());
  }
  return {};
}

void CheckpointSync::start() {
  thread_ = std::thread([this] { work(); });
}

Result<void> CheckpointSync::finish() {
  stop();
  return copy_up();
}

void CheckpointSync::stop() {
  {
    const std::lock_guard lock(mutex_);
    done_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void CheckpointSync::work() {
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, interval_, [this] { return done_; })) {
    lock.unlock();
    // A failure now may be gone the next time; the last copy, in finish(), is the one that counts.
    if (refresh_()) (void)copy_up();
    lock.lock();
  }
}

Result<void> CheckpointSync::copy_up() {
  for (const std::filesystem::path& folder : folders_) {
    if (auto copied = storage::sync_up(*store_, "", folder); !copied) return tl::unexpected(copied.error());
  }
  return {};
}

}  // namespace smflow::engine
