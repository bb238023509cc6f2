#include "emoji_dataset/dataset.hpp"

#include "emoji_dataset/emoji_class.hpp"
#include "emoji_dataset/font.hpp"

#include <cerrno>
#include <cstdio>
#include <unordered_set>

#include <sys/stat.h>

#include <smflow/base/files.hpp>
#include <smflow/base/json.hpp>

namespace smflow::emoji {

namespace fs = std::filesystem;

namespace {

constexpr const char* marker_name = "emoji_dataset.json";
constexpr const char* marker_schema = "smflow.emoji_dataset/1";

Error in_the_way(const fs::path& folder, const std::string& why, const std::string& fix) {
  return {.code = "E172", .exit = ExitCode::conflict, .message = "'" + folder.string() + "' " + why, .fix = fix};
}

std::size_t count_pictures(const fs::path& folder) {
  std::size_t pictures = 0;
  std::error_code failed;
  for (fs::recursive_directory_iterator entry(folder, failed), end; !failed && entry != end; entry.increment(failed)) {
    pictures += entry->path().extension() == ".png" ? 1 : 0;
  }
  return pictures;
}

// What an earlier call left in the folder: null when it holds no marker of ours.
Json read_marker(const fs::path& folder) {
  const auto text = read_file(folder / marker_name, 1u << 20);
  if (!text) return nullptr;
  auto marker = parse_json(*text, marker_name);
  const bool ours = marker && marker->is_object() && marker->value("schema", Json()) == marker_schema;
  return ours ? *std::move(marker) : Json(nullptr);
}

// The summary of what is there already, none when the folder is to be made.
Result<std::optional<DatasetSummary>> look_at_folder(const DatasetOptions& options) {
  std::error_code failed;
  const auto status = fs::symlink_status(options.folder, failed);
  if (!fs::exists(status)) return std::nullopt;
  if (fs::is_directory(fs::status(options.folder, failed)) && fs::is_empty(options.folder, failed)) return std::nullopt;
  const Json marker = read_marker(options.folder);
  if (marker.is_null()) {
    return tl::unexpected(
        in_the_way(options.folder, "exists and was not made by emoji_dataset", "name another folder"));
  }
  if (options.replace) return std::nullopt;
  if (marker.value("size", Json()) != options.size || marker.value("only", Json()) != options.only) {
    return tl::unexpected(in_the_way(options.folder, "holds pictures made with other options: " + marker.dump(),
                                     "name another folder, or add --replace"));
  }
  DatasetSummary summary{.font = {}, .pictures = count_pictures(options.folder), .was_there = true};
  if (marker.value("pictures", Json()) != summary.pictures) {
    return tl::unexpected(in_the_way(options.folder,
                                     "holds " + std::to_string(summary.pictures) + " pictures, and was made with " +
                                         marker.value("pictures", Json()).dump(),
                                     "add --replace to make it again"));
  }
  if (const Json font = marker.value("font", Json()); font.is_string()) summary.font = font.get<std::string>();
  return summary;
}

class TreeWriter {
 public:
  TreeWriter(const DatasetOptions& options, fs::path root) : options_(options), root_(std::move(root)) {}

  Result<void> add(GlyphId glyph, const CodePoints& text, const Bitmap& bitmap) {
    const std::string_view kind = class_of(text);
    if (options_.only != "all" && options_.only != kind) return {};
    const Picture square = on_white_square(bitmap);
    const std::string pixels(square.rgb.begin(), square.rgb.end());
    if (!seen_.insert(std::hash<std::string>{}(pixels)).second) return {};
    const std::string png = encode_png(shrunk(square, std::min(options_.size, square.width)));
    const fs::path file = root_ / kind / (name_of(text, glyph) + ".png");
    ++pictures;
    return write(file, png);
  }

  std::size_t pictures = 0;

 private:
  // Straight, without the care of write_file: the whole tree appears at once.
  static Result<void> write(const fs::path& file, const std::string& content) {
    std::error_code failed;
    fs::create_directories(file.parent_path(), failed);
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> out(std::fopen(file.c_str(), "wxbe"), std::fclose);
    const bool written = out && std::fwrite(content.data(), 1, content.size(), out.get()) == content.size() &&
                         std::fflush(out.get()) == 0;
    if (written) return {};
    return tl::unexpected(system_error("cannot write '" + file.string() + "'", errno));
  }

  const DatasetOptions& options_;
  fs::path root_;
  std::unordered_set<std::size_t> seen_;
};

// The new tree takes the place of the old one, which goes to `aside`.
Result<void> move_into_place(const fs::path& made, const fs::path& folder, const fs::path& aside) {
  if (::rename(folder.c_str(), aside.c_str()) != 0 && errno != ENOENT) {
    return tl::unexpected(system_error("cannot replace '" + folder.string() + "'", errno));
  }
  if (::rename(made.c_str(), folder.c_str()) == 0) return {};
  const int failure = errno;
  ::rename(aside.c_str(), folder.c_str());
  return tl::unexpected(system_error("cannot make '" + folder.string() + "'", failure));
}

}  // namespace

Result<DatasetSummary> make_dataset(const DatasetOptions& options) {
  auto there = look_at_folder(options);
  if (!there) return tl::unexpected(std::move(there).error());
  if (*there) return **std::move(there);
  auto font = Font::open(options.font);
  if (!font) return tl::unexpected(std::move(font).error());
  fs::path target = fs::absolute(options.folder).lexically_normal();
  if (!target.has_filename()) target = target.parent_path();
  const auto work = TemporaryDirectory::create(target.parent_path(), target.filename().string() + ".tmp-");
  if (!work) return tl::unexpected(work.error());
  const fs::path made = work->path() / "new";
  std::error_code failed;
  fs::create_directory(made, failed);
  TreeWriter tree(options, made);
  const auto add = [&](GlyphId glyph, const CodePoints& text, const Bitmap& bitmap) {
    return tree.add(glyph, text, bitmap);
  };
  if (auto done = font->for_each_picture(add); !done) return tl::unexpected(std::move(done).error());
  const DatasetSummary summary{.font = font->family() + " " + font->version(), .pictures = tree.pictures};
  if (summary.pictures == 0) {
    return tl::unexpected(
        Error{.code = "E173",
              .exit = ExitCode::configuration,
              .message = "the font '" + options.font.string() + "' has no picture of '" + options.only + "'",
              .fix = "leave out --only"});
  }
  const OrderedJson marker{{"schema", marker_schema},
                           {"font", summary.font},
                           {"size", options.size},
                           {"only", options.only},
                           {"pictures", summary.pictures}};
  if (auto written = write_file(made / marker_name, marker.dump() + "\n"); !written) {
    return tl::unexpected(std::move(written).error());
  }
  if (auto moved = move_into_place(made, target, work->path() / "old"); !moved) {
    return tl::unexpected(std::move(moved).error());
  }
  return summary;
}

}  // namespace smflow::emoji
