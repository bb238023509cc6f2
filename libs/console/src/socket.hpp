#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include <smflow/base/error.hpp>
#include <smflow/base/unique_fd.hpp>
#include <smflow/console/raw_terminal.hpp>

// What goes over the socket of a console. From the program's side: bytes as they were printed. Towards it: frames of a
// kind, a length in two bytes, high one first, and that many bytes.
namespace smflow::console {

inline constexpr const char* socket_name = "console";

namespace frame {
inline constexpr char keys = 'k';
inline constexpr char window = 'w';  // rows and columns, two bytes each
inline constexpr std::size_t header = 3;
inline constexpr std::size_t longest = 0xffff;
}  // namespace frame

std::string keys_frame(std::string_view keys);
std::string window_frame(WindowSize size);

// Takes frames apart that come cut anywhere. A frame of a kind that it does not know is passed over.
class FrameReader {
 public:
  struct Taker {
    std::function<void(std::string_view)> keys;
    std::function<void(WindowSize)> window;
  };
  void feed(std::string_view bytes, const Taker& taker);

 private:
  std::string pending_;
};

// The path of a socket may have 107 bytes; these two take any folder. errno in the error's message.
Result<UniqueFd> listen_in(const std::filesystem::path& folder);
Result<UniqueFd> connect_in(const std::filesystem::path& folder);

// The whole of it, to a descriptor that may be non-blocking. False when that fails.
bool write_all(int fd, std::string_view bytes);

}  // namespace smflow::console
