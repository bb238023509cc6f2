#include <set>

#include <gtest/gtest.h>

#include <smflow/base/random.hpp>

namespace smflow {
namespace {

class Counting : public RandomSource {
 public:
  std::uint64_t next() override { return number_++; }

 private:
  std::uint64_t number_ = 8;
};

TEST(RandomSuffix, ComesFromTheSourceItIsGiven) {
  Counting source;
  EXPECT_EQ(random_suffix(source, 5), "89abc");
  EXPECT_EQ(random_suffix(source, 0), "");
}

TEST(RandomSuffix, IsMadeOfDigitsAndSmallLetters) {
  SystemRandom source;
  const std::string suffix = random_suffix(source, 2000);
  EXPECT_EQ(suffix.size(), 2000u);
  EXPECT_EQ(suffix.find_first_not_of("0123456789abcdefghijklmnopqrstuvwxyz"), std::string::npos);
}

TEST(SystemRandom, DoesNotRepeat) {
  SystemRandom source;
  std::set<std::uint64_t> seen;
  for (int i = 0; i < 1000; ++i) seen.insert(source.next());
  EXPECT_EQ(seen.size(), 1000u);
}

}  // namespace
}  // namespace smflow
