#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include <smflow/base/error.hpp>

namespace smflow::emoji {

struct DatasetOptions {
  std::filesystem::path font = "/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf";
  std::filesystem::path folder;
  int size = 136;            // of every picture, pixels
  std::string only = "all";  // or one of class_names
  bool replace = false;
};

struct DatasetSummary {
  std::string font;  // "Noto Color Emoji 2.042"
  std::size_t pictures = 0;
  bool was_there = false;  // made by an earlier call; nothing was done
};

// Makes `folder`: <class>/<name>.png for every glyph of the font that has a colour bitmap, without those that look the
// same as an earlier one, and a marker file. The folder appears when it is complete. A folder that was made with the
// same options is left as it is.
//
// Errors: E172 the folder holds something else and `replace` is not set, or is not empty and was not made by this
// program; E173 no picture came out; those of Font::open.
Result<DatasetSummary> make_dataset(const DatasetOptions& options);

}  // namespace smflow::emoji
