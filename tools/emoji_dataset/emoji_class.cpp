#include "emoji_dataset/emoji_class.hpp"

#include <algorithm>
#include <span>

#include <fmt/format.h>

namespace smflow::emoji {

namespace {

constexpr char32_t colour_form = 0xFE0F;

constexpr char32_t first_pictograph = 0x1F000;

// First to last, of the Unicode charts.
struct Range {
  char32_t first;
  char32_t last;
};

constexpr Range face_ranges[] = {{0x2639, 0x263A},   {0x1F600, 0x1F644}, {0x1F910, 0x1F917}, {0x1F920, 0x1F925},
                                 {0x1F927, 0x1F92F}, {0x1F970, 0x1F976}, {0x1F978, 0x1F97A}, {0x1F9D0, 0x1F9D0},
                                 {0x1FAE0, 0x1FAE6}, {0x1FAE8, 0x1FAE8}};
constexpr Range flag_ranges[] = {{0x1F1E6, 0x1F1FF}, {0x1F3F3, 0x1F3F4}, {0x1F38C, 0x1F38C}, {0x1F3C1, 0x1F3C1}};
constexpr Range people_ranges[] = {{0x261D, 0x261D},   {0x26F9, 0x26F9},   {0x270A, 0x270D},   {0x1F385, 0x1F385},
                                   {0x1F3C2, 0x1F3C4}, {0x1F3C7, 0x1F3C7}, {0x1F3CA, 0x1F3CC}, {0x1F440, 0x1F450},
                                   {0x1F464, 0x1F478}, {0x1F47C, 0x1F47C}, {0x1F481, 0x1F487}, {0x1F48F, 0x1F491},
                                   {0x1F4AA, 0x1F4AA}, {0x1F574, 0x1F575}, {0x1F57A, 0x1F57A}, {0x1F590, 0x1F596},
                                   {0x1F645, 0x1F647}, {0x1F64B, 0x1F64F}, {0x1F6A3, 0x1F6A3}, {0x1F6B4, 0x1F6B6},
                                   {0x1F6C0, 0x1F6C0}, {0x1F6CC, 0x1F6CC}, {0x1F90C, 0x1F90F}, {0x1F918, 0x1F91F},
                                   {0x1F926, 0x1F926}, {0x1F930, 0x1F93E}, {0x1F977, 0x1F977}, {0x1F9B5, 0x1F9BB},
                                   {0x1F9CD, 0x1F9CF}, {0x1F9D1, 0x1F9DF}, {0x1FAC2, 0x1FAC5}, {0x1FAF0, 0x1FAF8}};
constexpr Range transport_ranges[] = {{0x1F680, 0x1F6FF}};
constexpr Range symbol_ranges[] = {{0x0000, 0x25FF},   {0x2648, 0x2653},   {0x2660, 0x2668},   {0x267B, 0x267F},
                                   {0x2692, 0x26A1},   {0x26CE, 0x26D4},   {0x2705, 0x2705},   {0x2714, 0x27BF},
                                   {0x2934, 0x2BFF},   {0x3030, 0x3299},   {0x1F100, 0x1F1E5}, {0x1F200, 0x1F2FF},
                                   {0x1F493, 0x1F49F}, {0x1F500, 0x1F567}, {0x1F7E0, 0x1F7F0}};
constexpr Range skin_tones[] = {{0x1F3FB, 0x1F3FF}};

bool is_in(std::span<const Range> ranges, char32_t character) {
  return std::ranges::any_of(ranges, [&](Range range) { return range.first <= character && character <= range.last; });
}

}  // namespace

std::string_view class_of(const CodePoints& text) {
  if (text.empty()) return "things";
  const char32_t first = text.front();
  if (is_in(flag_ranges, first)) return "flags";
  if (is_in(face_ranges, first)) return "faces";
  const auto is_tone = [](char32_t character) { return is_in(skin_tones, character); };
  if (is_in(people_ranges, first) || std::ranges::any_of(text, is_tone)) return "people";
  if (is_in(transport_ranges, first)) return "transport";
  return is_in(symbol_ranges, first) ? "symbols" : "things";
}

int forwards_rank(const CodePoints& text) {
  const char32_t first = text.front();
  if (is_in(flag_ranges, first) || is_in(face_ranges, first) || is_in(people_ranges, first)) return 2;
  return first >= first_pictograph ? 1 : 0;
}

std::string name_of(const CodePoints& text, GlyphId glyph) {
  std::string name;
  for (const char32_t character : text) {
    if (character == colour_form) continue;
    name += fmt::format("{}{:04x}", name.empty() ? "u" : "_", static_cast<std::uint32_t>(character));
  }
  return name.empty() ? fmt::format("glyph_{:05}", glyph) : name;
}

}  // namespace smflow::emoji
