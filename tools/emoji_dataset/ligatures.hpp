#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <vector>

namespace smflow::emoji {

using GlyphId = std::uint32_t;
using CodePoints = std::vector<char32_t>;

struct Ligature {
  std::vector<GlyphId> components;
  GlyphId glyph = 0;
};

// The ligatures (lookups of type 4) of an OpenType "GSUB" table, in table order. Source: OpenType specification,
// "GSUB - Glyph Substitution Table". Stops silently at what lies outside of the table.
std::vector<Ligature> parse_ligatures(std::span<const unsigned char> gsub);

// The text behind every glyph: the characters of `characters`, and ligatures of them and of one another. Fonts spell
// many ligatures backwards too, for text that runs from right to left; where there are several texts for a glyph the
// one with the highest `rank` wins, of equal ones the first.
std::map<GlyphId, CodePoints> glyph_texts(const std::map<GlyphId, char32_t>& characters,
                                          const std::vector<Ligature>& ligatures,
                                          const std::function<int(const CodePoints&)>& rank);

}  // namespace smflow::emoji
