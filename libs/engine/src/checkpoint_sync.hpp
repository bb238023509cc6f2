#pragma once

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include <smflow/base/error.hpp>
#include <smflow/storage/store.hpp>

namespace smflow::engine {

// Keeps the hosts' checkpoint folders and the store alike: down once at the start, up every `interval` while the job
// runs, after a call of `refresh`, and up once more at the end. Hosts that write one path overwrite each other's, as on
// the platform.
class CheckpointSync {
 public:
  CheckpointSync(std::unique_ptr<storage::Store> store, std::vector<std::filesystem::path> folders,
                 std::chrono::milliseconds interval, std::function<Result<void>()> refresh);
  ~CheckpointSync();

  Result<void> restore();
  void start();
  // Ends the periodic work; `refresh` is not called any more.
  void stop();
  // The same, and copies what is left.
  Result<void> finish();

 private:
  void work();
  Result<void> copy_up();

  std::unique_ptr<storage::Store> store_;
  std::vector<std::filesystem::path> folders_;
  std::chrono::milliseconds interval_;
  std::function<Result<void>()> refresh_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool done_ = false;
  std::thread thread_;
};

}  // namespace smflow::engine
