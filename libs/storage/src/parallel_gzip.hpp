#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string_view>
#include <thread>
#include <vector>

#include <smflow/base/error.hpp>

namespace smflow::storage {

// Compresses a stream as one gzip member (RFC 1952) in several threads, in the manner of pigz: the stream is cut into
// blocks, each is deflated with the end of the block before it as dictionary, and the outputs are joined at byte
// boundaries. The output depends on the input and `level` only. Memory is bounded by the blocks in flight, about
// 0.9 MB per thread. To be used from one thread.
class ParallelGzip {
 public:
  using Sink = std::function<Result<void>(std::string_view)>;

  // `sink` gets the compressed bytes in order, in calls of `write` and `finish`. `threads` of 0: one per core, at most
  // 8. They start with the second block only.
  ParallelGzip(Sink sink, int threads, int level);
  ~ParallelGzip();
  ParallelGzip(const ParallelGzip&) = delete;
  ParallelGzip& operator=(const ParallelGzip&) = delete;

  // Only errors of the sink; after one the stream is of no use.
  Result<void> write(std::string_view bytes);
  Result<void> finish();

 private:
  class Deflater;
  struct Block {
    std::vector<unsigned char> dictionary;
    std::vector<unsigned char> input;
    std::vector<unsigned char> output;
    std::uint32_t crc = 0;
    bool last = false;
    bool done = false;
  };

  Block& block(std::uint64_t number) { return ring_[number % ring_.size()]; }
  Result<void> submit(bool last);
  Result<void> write_oldest();
  void work(Deflater& deflater);

  Sink sink_;
  std::vector<Block> ring_;
  std::vector<std::unique_ptr<Deflater>> deflaters_;
  std::vector<std::thread> workers_;

  std::uint64_t written_ = 0;  // blocks given to the sink
  std::uint32_t crc_ = 0;
  std::uint64_t length_ = 0;

  std::mutex mutex_;  // guards what follows, and `done` of every block
  std::condition_variable work_to_do_;
  std::condition_variable block_done_;
  std::uint64_t submitted_ = 0;
  std::uint64_t taken_ = 0;
  bool stopping_ = false;
};

}  // namespace smflow::storage
