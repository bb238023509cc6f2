#pragma once

#include <cstdint>
#include <string>

#include <smflow/base/error.hpp>

namespace smflow::images {

// What Pillow refuses as a decompression bomb: twice its MAX_IMAGE_PIXELS. Checked before memory is asked for.
constexpr std::int64_t most_pixels = 178'956'970;

struct Decoded {
  bool damaged = false;  // some of the data was wrong, in a way that Pillow passes over too
};

// E310: this file is no picture that can be read. The message completes "'a/b.jpg' ...".
inline Error unreadable(std::string message) {
  return {.code = "E310",
          .exit = ExitCode::configuration,
          .message = std::move(message),
          .fix = "replace or remove the file"};
}

}  // namespace smflow::images
