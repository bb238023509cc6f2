#pragma once

#include <cstdint>
#include <string>

namespace smflow {

// Randomness as a seam.
class RandomSource {
 public:
  virtual ~RandomSource() = default;
  virtual std::uint64_t next() = 0;
};

// The operating system's generator (getrandom).
class SystemRandom : public RandomSource {
 public:
  std::uint64_t next() override;
};

// `length` characters from 0-9a-z, as used at the end of job names.
std::string random_suffix(RandomSource& random, int length);

}  // namespace smflow
