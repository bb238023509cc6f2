#include "emoji_dataset/ligatures.hpp"

#include <cstddef>

namespace smflow::emoji {

namespace {

constexpr unsigned ligature_lookup = 4;

// A part of a big-endian table; what lies outside of it reads as 0, which every loop below takes as "none".
class Table {
 public:
  explicit Table(std::span<const unsigned char> bytes) : bytes_(bytes) {}

  unsigned number(std::size_t at) const {
    return at + 2 <= bytes_.size() ? static_cast<unsigned>(bytes_[at] << 8 | bytes_[at + 1]) : 0;
  }
  // The table at the offset that stands at `at`.
  Table follow(std::size_t at) const {
    const unsigned offset = number(at);
    return Table(offset == 0 || offset >= bytes_.size() ? std::span<const unsigned char>() : bytes_.subspan(offset));
  }

 private:
  std::span<const unsigned char> bytes_;
};

// The glyphs of a coverage table, in order.
std::vector<GlyphId> covered_glyphs(const Table& coverage) {
  std::vector<GlyphId> glyphs;
  const unsigned count = coverage.number(2);
  for (unsigned i = 0; i < count; ++i) {
    if (coverage.number(0) == 1) {
      glyphs.push_back(coverage.number(4 + 2 * i));
      continue;
    }
    const unsigned last = coverage.number(4 + 6 * i + 2);
    for (unsigned glyph = coverage.number(4 + 6 * i); glyph <= last; ++glyph) glyphs.push_back(glyph);
  }
  return glyphs;
}

// The ligatures that begin with `first`.
void read_ligature_set(const Table& set, GlyphId first, std::vector<Ligature>& found) {
  const unsigned count = set.number(0);
  for (unsigned i = 0; i < count; ++i) {
    const Table entry = set.follow(2 + 2 * i);
    Ligature ligature{.components = {first}, .glyph = entry.number(0)};
    const unsigned components = entry.number(2);
    for (unsigned k = 1; k < components; ++k) ligature.components.push_back(entry.number(4 + 2 * (k - 1)));
    if (ligature.glyph != 0) found.push_back(std::move(ligature));
  }
}

void read_lookup(const Table& lookup, std::vector<Ligature>& found) {
  if (lookup.number(0) != ligature_lookup) return;
  const unsigned subtables = lookup.number(4);
  for (unsigned i = 0; i < subtables; ++i) {
    const Table subtable = lookup.follow(6 + 2 * i);
    const std::vector<GlyphId> firsts = covered_glyphs(subtable.follow(2));
    const std::size_t sets = subtable.number(4);
    for (std::size_t k = 0; k < sets && k < firsts.size(); ++k) {
      read_ligature_set(subtable.follow(6 + 2 * k), firsts[k], found);
    }
  }
}

// Empty when a component is unknown.
CodePoints spelled_out(const Ligature& ligature, const std::map<GlyphId, CodePoints>& texts) {
  CodePoints text;
  for (const GlyphId component : ligature.components) {
    const auto part = texts.find(component);
    if (part == texts.end()) return {};
    text.insert(text.end(), part->second.begin(), part->second.end());
  }
  return text;
}

}  // namespace

std::vector<Ligature> parse_ligatures(std::span<const unsigned char> gsub) {
  std::vector<Ligature> found;
  const Table lookups = Table(gsub).follow(8);
  const unsigned count = lookups.number(0);
  for (unsigned i = 0; i < count; ++i) read_lookup(lookups.follow(2 + 2 * i), found);
  return found;
}

std::map<GlyphId, CodePoints> glyph_texts(const std::map<GlyphId, char32_t>& characters,
                                          const std::vector<Ligature>& ligatures,
                                          const std::function<int(const CodePoints&)>& rank) {
  std::map<GlyphId, CodePoints> texts;
  for (const auto& [glyph, character] : characters) texts[glyph] = {character};
  // Twice, as a ligature may be made of ligatures that stand behind it.
  for (int round = 0; round < 2; ++round) {
    for (const Ligature& ligature : ligatures) {
      CodePoints text = spelled_out(ligature, texts);
      if (text.empty() || characters.contains(ligature.glyph)) continue;
      const auto known = texts.find(ligature.glyph);
      if (known == texts.end() || rank(text) > rank(known->second)) texts[ligature.glyph] = std::move(text);
    }
  }
  return texts;
}

}  // namespace smflow::emoji
