#include "socket.hpp"

#include <random>

#include <gtest/gtest.h>

namespace smflow::console {

TEST(FrameReader, TakesFramesApartWhereverTheyAreCut) {
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    std::string sent;
    std::string keys;
    std::vector<WindowSize> sizes;
    for (int part = 0; part < 8; ++part) {
      if (random() % 4 == 0) {
        const WindowSize size{static_cast<unsigned short>(random() % 65536),
                              static_cast<unsigned short>(random() % 65536)};
        sizes.push_back(size);
        sent += window_frame(size);
        continue;
      }
      std::string typed(random() % 700, '\0');
      for (char& c : typed) c = static_cast<char>(random());
      keys += typed;
      sent += keys_frame(typed);
    }
    FrameReader reader;
    std::string got;
    std::vector<WindowSize> got_sizes;
    const FrameReader::Taker taker{.keys = [&](std::string_view bytes) { got += bytes; },
                                   .window = [&](WindowSize size) { got_sizes.push_back(size); }};
    for (std::size_t at = 0; at < sent.size();) {
      const std::size_t size = std::min<std::size_t>(1 + random() % 300, sent.size() - at);
      reader.feed(std::string_view(sent).substr(at, size), taker);
      at += size;
    }
    EXPECT_EQ(got, keys);
    ASSERT_EQ(got_sizes.size(), sizes.size());
    for (std::size_t index = 0; index < sizes.size(); ++index) {
      EXPECT_EQ(got_sizes[index].rows, sizes[index].rows);
      EXPECT_EQ(got_sizes[index].columns, sizes[index].columns);
    }
  }
}

TEST(FrameReader, PassesOverWhatItDoesNotKnow) {
  FrameReader reader;
  std::string got;
  int windows = 0;
  const FrameReader::Taker taker{.keys = [&](std::string_view bytes) { got += bytes; },
                                 .window = [&](WindowSize) { ++windows; }};
  using namespace std::string_literals;
  reader.feed("x\0\3abc"s + "w\0\1z"s + keys_frame("ok"), taker);
  EXPECT_EQ(got, "ok");
  EXPECT_EQ(windows, 0);
}

}  // namespace smflow::console
