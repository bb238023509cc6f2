#pragma once

#include "emoji_dataset/ligatures.hpp"

#include <array>
#include <string>
#include <string_view>

namespace smflow::emoji {

inline constexpr std::array<std::string_view, 6> class_names = {"faces",   "flags",  "people",
                                                                "symbols", "things", "transport"};

// The class of an emoji by its code points; "things" for what has none.
std::string_view class_of(const CodePoints& text);

// How much `text` looks like a sequence spelled forwards: what is shown comes first, then what modifies it.
int forwards_rank(const CodePoints& text);

// A file name without extension: "u1f468_200d_1f469", or "glyph_01234" for a glyph without text. U+FE0F, which only
// asks for the colour form, is left out.
std::string name_of(const CodePoints& text, GlyphId glyph);

}  // namespace smflow::emoji
