#include "emoji_dataset/font.hpp"

#include <fmt/format.h>
#include <ft2build.h>
#include FT_FREETYPE_H
#include FT_TRUETYPE_TABLES_H
#include FT_TRUETYPE_TAGS_H

#include "emoji_dataset/emoji_class.hpp"

namespace smflow::emoji {

struct Font::Handles {
  FT_Library library = nullptr;
  FT_Face face = nullptr;

  Handles() = default;
  Handles(const Handles&) = delete;
  Handles& operator=(const Handles&) = delete;
  ~Handles() {
    if (face != nullptr) FT_Done_Face(face);
    if (library != nullptr) FT_Done_FreeType(library);
  }
};

namespace {

constexpr FT_ULong first_private_plane = 0xF0000;

Error no_font(const std::filesystem::path& file, const std::string& why) {
  return {.code = "E170",
          .exit = ExitCode::machine,
          .message = "cannot read the font '" + file.string() + "': " + why,
          .fix = "apt-get install fonts-noto-color-emoji, or name another colour font with --font"};
}

Error no_bitmaps(const std::filesystem::path& file) {
  return {.code = "E171",
          .exit = ExitCode::configuration,
          .message = "the font '" + file.string() + "' has no colour bitmaps (tables CBDT and CBLC)",
          .fix = "use NotoColorEmoji.ttf of the package fonts-noto-color-emoji"};
}

}  // namespace

Font::Font(std::unique_ptr<Handles> handles) : handles_(std::move(handles)) {}
Font::~Font() = default;
Font::Font(Font&&) noexcept = default;

Result<Font> Font::open(const std::filesystem::path& file) {
  auto handles = std::make_unique<Handles>();
  if (!std::filesystem::exists(file)) return tl::unexpected(no_font(file, "there is no such file"));
  if (!std::filesystem::is_regular_file(file)) return tl::unexpected(no_font(file, "it is not a regular file"));
  if (FT_Init_FreeType(&handles->library) != 0) return tl::unexpected(no_font(file, "FreeType does not start"));
  if (FT_New_Face(handles->library, file.c_str(), 0, &handles->face) != 0) {
    return tl::unexpected(no_font(file, "it is not a font that FreeType knows"));
  }
  FT_Face face = handles->face;
  if (!FT_HAS_COLOR(face) || face->num_fixed_sizes == 0 || FT_Select_Size(face, 0) != 0) {
    return tl::unexpected(no_bitmaps(file));
  }
  return Font(std::move(handles));
}

std::string Font::family() const {
  const char* const name = handles_->face->family_name;
  return name == nullptr ? "unnamed font" : name;
}

std::string Font::version() const {
  const auto* const head = static_cast<const TT_Header*>(FT_Get_Sfnt_Table(handles_->face, FT_SFNT_HEAD));
  return head == nullptr ? "unknown" : fmt::format("{:.3f}", static_cast<double>(head->Font_Revision) / 65536);
}

std::map<GlyphId, char32_t> Font::characters() const {
  std::map<GlyphId, char32_t> characters;
  FT_UInt glyph = 0;
  FT_ULong character = FT_Get_First_Char(handles_->face, &glyph);
  while (glyph != 0) {
    // Characters for private use are other names of glyphs that have a proper one.
    if (character < first_private_plane) characters.emplace(glyph, static_cast<char32_t>(character));
    character = FT_Get_Next_Char(handles_->face, character, &glyph);
  }
  return characters;
}

std::vector<Ligature> Font::ligatures() const {
  FT_ULong size = 0;
  if (FT_Load_Sfnt_Table(handles_->face, TTAG_GSUB, 0, nullptr, &size) != 0) return {};
  std::vector<unsigned char> table(size);
  if (FT_Load_Sfnt_Table(handles_->face, TTAG_GSUB, 0, table.data(), &size) != 0) return {};
  return parse_ligatures(table);
}

Result<void> Font::for_each_picture(const Visit& visit) {
  const std::map<GlyphId, CodePoints> texts = glyph_texts(characters(), ligatures(), forwards_rank);
  FT_Face face = handles_->face;
  for (FT_Long number = 0; number < face->num_glyphs; ++number) {
    const auto glyph = static_cast<GlyphId>(number);
    if (FT_Load_Glyph(face, glyph, FT_LOAD_COLOR) != 0) continue;
    const FT_Bitmap& bitmap = face->glyph->bitmap;
    if (bitmap.pixel_mode != FT_PIXEL_MODE_BGRA || bitmap.rows == 0 || bitmap.width == 0 || bitmap.pitch <= 0) continue;
    const auto text = texts.find(glyph);
    const std::size_t bytes = static_cast<std::size_t>(bitmap.pitch) * bitmap.rows;
    const Bitmap seen{.width = static_cast<int>(bitmap.width),
                      .height = static_cast<int>(bitmap.rows),
                      .pitch = bitmap.pitch,
                      .bgra = {bitmap.buffer, bytes}};
    if (auto done = visit(glyph, text == texts.end() ? CodePoints{} : text->second, seen); !done) return done;
  }
  return {};
}

}  // namespace smflow::emoji
