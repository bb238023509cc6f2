#pragma once

#include "batch_ring.hpp"
#include "sample_source.hpp"

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <unordered_set>
#include <vector>

#include <smflow/images/loader.hpp>

namespace smflow::images {

// Workers take tickets, a few neighbouring samples of one batch each, in the order of the batches, and write into the
// batch's slot. A batch is started when its slot is free: `held` batches back from the last one given out. Without
// workers the consumer works through the same tickets. What a ticket writes depends on its place alone, so the threads
// only decide when it is written.
class BatchLoader::Engine {
 public:
  Engine(ImageFolder folder, LoaderOptions options);
  ~Engine();

  // Starts the workers; throws std::system_error. What has started stops in the destructor.
  void start();

  void start_epoch(std::uint64_t epoch, std::int64_t first_batch);
  Result<const Batch*> next();

  std::int64_t batches() const { return batches_; }
  const ImageFolder& folder() const { return folder_; }
  const std::vector<UnreadableImage>& unreadable() const { return unreadable_; }
  const LoaderCounters& counters() const { return counters_; }
  std::string cache_note() const { return source_.cache_note(); }

 private:
  struct Ticket {
    std::int64_t batch = 0;
    std::int64_t begin = 0;  // positions in the batch: [begin, end)
    std::int64_t end = 0;
  };
  struct Filled {
    SampleCounts counts;
    std::vector<PlacedFailure> failures;
    bool out_of_memory = false;
  };

  // With mutex_ held:
  bool has_ticket() const;
  Ticket take_ticket();
  void finish(const Ticket& ticket, Filled filled) noexcept;
  void run_ticket(std::unique_lock<std::mutex>& lock, SampleScratch& scratch) noexcept;

  // Without:
  void work(SampleScratch& scratch);
  Filled fill(const Ticket& ticket, SampleScratch& scratch) noexcept;
  void fill(const Ticket& ticket, SampleScratch& scratch, Filled& filled);
  std::size_t sample_at(std::int64_t position) const;
  std::int64_t count_of(std::int64_t batch) const;
  void wait_for(std::unique_lock<std::mutex>& lock, const BatchSlot& slot);
  void take_over(BatchSlot& slot);
  bool has_too_many_unreadable() const;
  Error too_many_unreadable() const;
  Error out_of_memory() const;

  const ImageFolder folder_;
  const LoaderOptions options_;
  const std::int64_t samples_;
  const std::int64_t batches_;
  const std::int64_t ticket_size_;
  SampleSource source_;
  BatchRing ring_;
  std::vector<std::unique_ptr<SampleScratch>> scratch_;

  // Of the epoch; changed only while no ticket is out.
  std::uint64_t epoch_ = 0;
  std::vector<std::uint32_t> order_;

  std::mutex mutex_;
  std::condition_variable work_;   // a ticket, or the end
  std::condition_variable ready_;  // a batch is whole, or no ticket is out
  std::int64_t next_batch_ = 0;    // of the next ticket
  std::int64_t next_begin_ = 0;
  std::int64_t limit_ = 0;    // batches from here on have no free slot yet
  std::int64_t tickets_ = 0;  // out
  bool stop_ = false;
  std::atomic<bool> abandon_{false};  // what is being written is no longer wanted

  // The consumer's own.
  std::int64_t first_ = 0;
  std::int64_t given_ = 0;  // batches given out, counted from 0 of the epoch
  std::unordered_set<std::size_t> failed_;
  std::vector<UnreadableImage> unreadable_;
  LoaderCounters counters_;

  std::vector<std::thread> threads_;
};

}  // namespace smflow::images
