#include <random>

#include <sys/random.h>

#include <smflow/base/random.hpp>

namespace smflow {

std::uint64_t SystemRandom::next() {
  std::uint64_t value = 0;
  if (getrandom(&value, sizeof value, 0) == sizeof value) return value;
  std::random_device device;
  return (static_cast<std::uint64_t>(device()) << 32) ^ device();
}

std::string random_suffix(RandomSource& random, int length) {
  static constexpr char alphabet[] = "0123456789abcdefghijklmnopqrstuvwxyz";
  std::string text;
  for (int i = 0; i < length; ++i) text += alphabet[random.next() % 36];
  return text;
}

}  // namespace smflow
