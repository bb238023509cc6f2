#include "parallel_gzip.hpp"

#include <algorithm>
#include <array>
#include <new>

#include <zlib.h>

namespace smflow::storage {

namespace {

constexpr std::size_t block_size = 128u << 10;
constexpr std::size_t window_size = 32u << 10;  // how far back deflate can refer
constexpr int most_threads = 8;

int worker_count(int wish) {
  const int cores = static_cast<int>(std::thread::hardware_concurrency());
  return std::clamp(wish > 0 ? wish : cores, 1, most_threads);
}

void append_little_endian(std::array<char, 8>& bytes, std::size_t at, std::uint32_t value) {
  for (std::size_t i = 0; i < 4; ++i) bytes[at + i] = static_cast<char>(value >> (8 * i));
}

std::string_view as_text(const std::vector<unsigned char>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

class ParallelGzip::Deflater {
 public:
  explicit Deflater(int level) {
    constexpr int raw_window = -15, memory_level = 8;
    if (deflateInit2(&stream_, level, Z_DEFLATED, raw_window, memory_level, Z_DEFAULT_STRATEGY) != Z_OK) {
      throw std::bad_alloc();
    }
  }
  ~Deflater() { deflateEnd(&stream_); }
  Deflater(const Deflater&) = delete;
  Deflater& operator=(const Deflater&) = delete;

  void run(Block& block) {
    deflateReset(&stream_);
    if (!block.dictionary.empty()) {
      deflateSetDictionary(&stream_, block.dictionary.data(), static_cast<uInt>(block.dictionary.size()));
    }
    stream_.next_in = block.input.data();
    stream_.avail_in = static_cast<uInt>(block.input.size());
    block.output.resize(deflateBound(&stream_, stream_.avail_in) + 64);
    std::size_t used = 0;
    for (;;) {
      stream_.next_out = block.output.data() + used;
      stream_.avail_out = static_cast<uInt>(block.output.size() - used);
      deflate(&stream_, block.last ? Z_FINISH : Z_SYNC_FLUSH);
      used = block.output.size() - stream_.avail_out;
      if (stream_.avail_out > 0) break;
      block.output.resize(block.output.size() * 2);
    }
    block.output.resize(used);
    block.crc = static_cast<std::uint32_t>(crc32(0, block.input.data(), static_cast<uInt>(block.input.size())));
  }

 private:
  z_stream stream_{};
};

ParallelGzip::ParallelGzip(Sink sink, int threads, int level) : sink_(std::move(sink)) {
  const int workers = worker_count(threads);
  ring_.resize(static_cast<std::size_t>(2 * workers + 1));
  for (int i = 0; i < workers; ++i) deflaters_.push_back(std::make_unique<Deflater>(level));
}

ParallelGzip::~ParallelGzip() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  work_to_do_.notify_all();
  for (std::thread& worker : workers_) worker.join();
}

void ParallelGzip::work(Deflater& deflater) {
  std::unique_lock lock(mutex_);
  for (;;) {
    work_to_do_.wait(lock, [&] { return stopping_ || taken_ < submitted_; });
    if (stopping_) return;
    Block& mine = block(taken_++);
    lock.unlock();
    deflater.run(mine);
    lock.lock();
    mine.done = true;
    block_done_.notify_one();
  }
}

Result<void> ParallelGzip::write(std::string_view bytes) {
  while (!bytes.empty()) {
    std::vector<unsigned char>& input = block(submitted_).input;
    const std::size_t taken = std::min(bytes.size(), block_size - input.size());
    input.insert(input.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(taken));
    bytes.remove_prefix(taken);
    if (input.size() < block_size) return {};
    if (auto submitted = submit(false); !submitted) return submitted;
  }
  return {};
}

Result<void> ParallelGzip::submit(bool last) {
  Block& full = block(submitted_);
  full.last = last;
  if (workers_.empty() && last) {
    deflaters_.front()->run(full);
    full.done = true;
  } else if (workers_.empty()) {
    for (const auto& deflater : deflaters_) workers_.emplace_back([this, &deflater] { work(*deflater); });
  }
  // Free before it is filled: the ring has one slot more than may be in flight.
  Block& next = block(submitted_ + 1);
  if (submitted_ + 1 - written_ == ring_.size()) {
    if (auto written = write_oldest(); !written) return written;
  }
  const std::size_t tail = std::min(window_size, full.input.size());
  next.dictionary.assign(full.input.end() - static_cast<std::ptrdiff_t>(tail), full.input.end());
  next.input.clear();
  {
    const std::lock_guard lock(mutex_);
    ++submitted_;
  }
  work_to_do_.notify_one();
  return {};
}

Result<void> ParallelGzip::write_oldest() {
  Block& oldest = block(written_);
  {
    std::unique_lock lock(mutex_);
    block_done_.wait(lock, [&] { return oldest.done; });
    oldest.done = false;
  }
  if (written_ == 0) {
    // Deflate, no flags, no time, no extra flags, unknown system: nothing that differs between two runs.
    static constexpr char header[] = "\x1f\x8b\x08\0\0\0\0\0\0\xff";
    if (auto written = sink_({header, sizeof header - 1}); !written) return written;
  }
  ++written_;
  const auto size = oldest.input.size();
  crc_ = static_cast<std::uint32_t>(crc32_combine(crc_, oldest.crc, static_cast<z_off_t>(size)));
  length_ += size;
  return sink_(as_text(oldest.output));
}

Result<void> ParallelGzip::finish() {
  if (auto submitted = submit(true); !submitted) return submitted;
  while (written_ < submitted_) {
    if (auto written = write_oldest(); !written) return written;
  }
  std::array<char, 8> trailer{};
  append_little_endian(trailer, 0, crc_);
  append_little_endian(trailer, 4, static_cast<std::uint32_t>(length_));
  return sink_({trailer.data(), trailer.size()});
}

}  // namespace smflow::storage
