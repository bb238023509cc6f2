#include "emoji_dataset/dataset.hpp"
#include "emoji_dataset/emoji_class.hpp"

#include <cstdio>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include <smflow/base/terminal.hpp>
#include <smflow/base/text.hpp>

namespace {

constexpr const char* description =
    "Makes an image data set of a colour font: every emoji as a PNG file on white, one folder per class.\n\n"
    "Examples:\n"
    "  emoji_dataset data/emoji                    every emoji of Noto Color Emoji, 136x136\n"
    "  emoji_dataset --only faces data/faces       about 120 faces\n"
    "  emoji_dataset --size 64 --replace data/emoji\n";

void report_error(const smflow::Error& error) {
  const bool color = smflow::use_color(smflow::When::automatic, isatty(STDERR_FILENO) == 1);
  smflow::Screen screen(stderr, false, color);
  screen.line(screen.paint("1;31", "error[" + error.code + "]:") + " " + smflow::printable(error.message));
  if (!error.fix.empty()) screen.line("  = fix: " + smflow::printable(error.fix));
}

}  // namespace

int main(int argc, char** argv) {
  smflow::emoji::DatasetOptions options;
  std::vector<std::string> classes(smflow::emoji::class_names.begin(), smflow::emoji::class_names.end());
  classes.emplace_back("all");

  CLI::App app(description, "emoji_dataset");
  app.add_option("OUT_FOLDER", options.folder, "the folder to make; left as it is when it was made before")->required();
  app.add_option("--font", options.font, "font file with colour bitmaps")->capture_default_str();
  app.add_option("--size", options.size, "width and height of the pictures in pixels")
      ->check(CLI::Range(64, 136))
      ->capture_default_str();
  app.add_option("--only", options.only, "one class instead of all")
      ->check(CLI::IsMember(classes))
      ->capture_default_str();
  app.add_flag("--replace", options.replace, "make the folder again when it was made before");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : static_cast<int>(smflow::ExitCode::usage);
  }

  const auto made = smflow::emoji::make_dataset(options);
  if (!made) {
    report_error(made.error());
    return static_cast<int>(made.error().exit);
  }
  fmt::print(stderr, "{}: {} of {}{}\n", options.folder.string(), smflow::counted(made->pictures, "picture"),
             made->font, made->was_there ? ", made before" : "");
  return 0;
}
