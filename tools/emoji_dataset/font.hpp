#pragma once

#include "emoji_dataset/ligatures.hpp"
#include "emoji_dataset/picture.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include <smflow/base/error.hpp>

namespace smflow::emoji {

// A font with colour bitmaps (tables CBDT and CBLC), such as Noto Color Emoji.
class Font {
 public:
  // Error E170 when there is no such file or it is not a font, E171 when it has no colour bitmaps.
  static Result<Font> open(const std::filesystem::path& file);
  ~Font();
  Font(Font&&) noexcept;

  std::string family() const;
  std::string version() const;  // "2.042"

  // Calls `visit` for every glyph with a colour bitmap, in glyph order; the bitmap is valid during the call. Stops at
  // the first error that `visit` returns and returns it.
  using Visit = std::function<Result<void>(GlyphId, const CodePoints& text, const Bitmap&)>;
  Result<void> for_each_picture(const Visit& visit);

 private:
  struct Handles;
  explicit Font(std::unique_ptr<Handles> handles);
  std::map<GlyphId, char32_t> characters() const;
  std::vector<Ligature> ligatures() const;

  std::unique_ptr<Handles> handles_;
};

}  // namespace smflow::emoji
