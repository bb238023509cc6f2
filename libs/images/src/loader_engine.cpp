#include "loader_engine.hpp"

#include "loader_checks.hpp"
#include "order.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <new>

#include <smflow/base/text.hpp>

namespace smflow::images {

namespace {

// A few samples a ticket: small enough that the last batch of an epoch is shared, large enough that taking tickets
// costs nothing beside pictures that come from the cache.
std::int64_t ticket_size(const LoaderOptions& options) {
  return std::clamp<std::int64_t>(options.batch_size / (4 * std::max(1, options.workers)), 1, 16);
}

// Signals are for the threads of the program, not for these.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

 private:
  sigset_t before_{};
};

}  // namespace

BatchLoader::Engine::Engine(ImageFolder folder, LoaderOptions options)
    : folder_(std::move(folder)),
      options_(std::move(options)),
      samples_(samples_per_epoch(folder_, options_)),
      batches_(images::batches_per_epoch(folder_, options_)),
      ticket_size_(ticket_size(options_)),
      source_(folder_, options_),
      ring_(options_),
      next_batch_(batches_),
      given_(batches_) {
  for (int i = 0; i < std::max(1, options_.workers); ++i) {
    scratch_.push_back(std::make_unique<SampleScratch>(options_.image_size));
  }
}

void BatchLoader::Engine::start() {
  const SignalsBlocked blocked;
  threads_.reserve(static_cast<std::size_t>(options_.workers));
  for (int i = 0; i < options_.workers; ++i) {
    threads_.emplace_back([this, &scratch = *scratch_[static_cast<std::size_t>(i)]] { work(scratch); });
  }
}

BatchLoader::Engine::~Engine() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
    abandon_ = true;
  }
  work_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void BatchLoader::Engine::start_epoch(std::uint64_t epoch, std::int64_t first_batch) {
  std::unique_lock lock(mutex_);
  abandon_ = true;
  next_batch_ = batches_;
  ready_.wait(lock, [this] { return tickets_ == 0; });
  abandon_ = false;
  if (order_.empty() || epoch != epoch_) {
    order_ = epoch_order(options_.seed, epoch, folder_.samples.size(), options_.shuffle);
  }
  epoch_ = epoch;
  first_ = given_ = std::clamp<std::int64_t>(first_batch, 0, batches_);
  next_batch_ = first_;
  next_begin_ = 0;
  limit_ = std::min(batches_, first_ + ring_.size());
  for (std::int64_t batch = first_; batch < limit_; ++batch) ring_.reset(batch, count_of(batch));
  lock.unlock();
  work_.notify_all();
}

std::int64_t BatchLoader::Engine::count_of(std::int64_t batch) const {
  return std::min<std::int64_t>(options_.batch_size, samples_ - batch * options_.batch_size);
}

std::size_t BatchLoader::Engine::sample_at(std::int64_t position) const {
  const auto place = static_cast<std::uint64_t>(position * options_.shards + options_.shard);
  return order_[place % order_.size()];
}

bool BatchLoader::Engine::has_ticket() const {
  return next_batch_ < limit_;
}

BatchLoader::Engine::Ticket BatchLoader::Engine::take_ticket() {
  const std::int64_t count = ring_.of(next_batch_).count;
  const Ticket ticket{next_batch_, next_begin_, std::min(count, next_begin_ + ticket_size_)};
  next_begin_ = ticket.end;
  if (next_begin_ == count) {
    ++next_batch_;
    next_begin_ = 0;
  }
  ++tickets_;
  return ticket;
}

void BatchLoader::Engine::finish(const Ticket& ticket, Filled filled) noexcept {
  BatchSlot& slot = ring_.of(ticket.batch);
  slot.missing -= ticket.end - ticket.begin;
  slot.counts.decoded += filled.counts.decoded;
  slot.counts.from_cache += filled.counts.from_cache;
  slot.counts.damaged += filled.counts.damaged;
  slot.out_of_memory |= filled.out_of_memory;
  try {
    std::move(filled.failures.begin(), filled.failures.end(), std::back_inserter(slot.failures));
  } catch (const std::bad_alloc&) {
    slot.out_of_memory = true;
  }
  --tickets_;
  if (slot.missing == 0 || tickets_ == 0) ready_.notify_one();
}

void BatchLoader::Engine::run_ticket(std::unique_lock<std::mutex>& lock, SampleScratch& scratch) noexcept {
  const Ticket ticket = take_ticket();
  lock.unlock();
  Filled filled = fill(ticket, scratch);
  lock.lock();
  finish(ticket, std::move(filled));
}

void BatchLoader::Engine::work(SampleScratch& scratch) {
  std::unique_lock lock(mutex_);
  for (;;) {
    work_.wait(lock, [this] { return stop_ || has_ticket(); });
    if (stop_) return;
    run_ticket(lock, scratch);
  }
}

BatchLoader::Engine::Filled BatchLoader::Engine::fill(const Ticket& ticket, SampleScratch& scratch) noexcept {
  Filled filled;
  try {
    fill(ticket, scratch, filled);
  } catch (const std::bad_alloc&) {
    filled.out_of_memory = true;
  }
  return filled;
}

void BatchLoader::Engine::fill(const Ticket& ticket, SampleScratch& scratch, Filled& filled) {
  BatchSlot& slot = ring_.of(ticket.batch);
  const auto floats = static_cast<std::int64_t>(planar_bytes(options_.image_size));
  std::vector<UnreadableImage> failures;
  for (std::int64_t position = ticket.begin; position < ticket.end && !abandon_; ++position) {
    const std::size_t wanted = sample_at(ticket.batch * options_.batch_size + position);
    const bool flip = options_.horizontal_flip && is_flipped(options_.seed, epoch_, wanted);
    failures.clear();
    const auto index = source_.write(wanted, flip, slot.pixels + position * floats, scratch, filled.counts, failures);
    for (UnreadableImage& failure : failures) filled.failures.push_back({position, std::move(failure)});
    const std::size_t given = index.value_or(wanted);
    slot.indices[static_cast<std::size_t>(position)] = static_cast<std::int64_t>(given);
    slot.labels[static_cast<std::size_t>(position)] = folder_.samples[given].label;
  }
}

void BatchLoader::Engine::wait_for(std::unique_lock<std::mutex>& lock, const BatchSlot& slot) {
  if (slot.missing == 0) return;
  const auto begin = std::chrono::steady_clock::now();
  if (threads_.empty()) {
    while (slot.missing > 0) run_ticket(lock, *scratch_.front());
  } else {
    ready_.wait(lock, [&slot] { return slot.missing == 0; });
  }
  counters_.seconds_waited_for += std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

Result<const Batch*> BatchLoader::Engine::next() {
  if (has_too_many_unreadable()) return tl::unexpected(too_many_unreadable());
  if (given_ == batches_) return nullptr;
  std::unique_lock lock(mutex_);
  // Giving out this batch frees the slot of the one `held` batches back.
  const std::int64_t limit = std::min(batches_, std::max(first_, given_ + 1 - options_.held) + ring_.size());
  for (; limit_ < limit; ++limit_) ring_.reset(limit_, count_of(limit_));
  work_.notify_all();
  BatchSlot& slot = ring_.of(given_);
  wait_for(lock, slot);
  lock.unlock();
  ++given_;
  take_over(slot);
  if (slot.out_of_memory) return tl::unexpected(out_of_memory());
  if (has_too_many_unreadable()) return tl::unexpected(too_many_unreadable());
  return &slot.batch;
}

void BatchLoader::Engine::take_over(BatchSlot& slot) {
  counters_.images += static_cast<std::uint64_t>(slot.count);
  counters_.decoded += slot.counts.decoded;
  counters_.from_cache += slot.counts.from_cache;
  counters_.damaged += slot.counts.damaged;
  std::stable_sort(slot.failures.begin(), slot.failures.end(),
                   [](const PlacedFailure& a, const PlacedFailure& b) { return a.position < b.position; });
  for (PlacedFailure& failure : slot.failures) {
    if (failed_.insert(failure.image.index).second) unreadable_.push_back(std::move(failure.image));
  }
}

bool BatchLoader::Engine::has_too_many_unreadable() const {
  return failed_.size() > options_.max_unreadable || failed_.size() == folder_.samples.size();
}

Error BatchLoader::Engine::too_many_unreadable() const {
  const UnreadableImage& last = unreadable_.back();
  const std::size_t most = std::min(options_.max_unreadable, folder_.samples.size() - 1);
  const std::string allowed = most == 0 ? "none is allowed" : "at most " + std::to_string(most) + " may";
  return {.code = "E305",
          .exit = ExitCode::configuration,
          .message = counted(unreadable_.size(), "picture") + " of '" + folder_.root.string() + "' cannot be read, " +
                     allowed + "; the last: '" + last.path + "' " + last.message,
          .fix = "replace or remove the files named in the log"};
}

Error BatchLoader::Engine::out_of_memory() const {
  return cannot_load(options_, "not enough memory");
}

}  // namespace smflow::images
