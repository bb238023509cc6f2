#pragma once

#include <functional>
#include <string>
#include <string_view>

#include <smflow/base/error.hpp>
#include <smflow/board/board.hpp>

namespace smflow::board {

// How many points all curves of a page have together. Curves with more than their share are thinned to the first, the
// least, the greatest and the last value of each piece, and to the first that is no number.
struct RenderOptions {
  std::size_t points = 2'000'000;
};

// Takes the page in pieces; what it returns ends the rendering.
using Sink = std::function<Result<void>(std::string_view)>;

// One HTML file without anything outside of it. Nothing of a record is written as HTML: the data are base64 of gzip of
// JSON, and the page's policy allows its own script and style by their hashes and no connection at all.
Result<void> render(const Board& board, const RenderOptions& options, const Sink& sink);

// The same page without the data, which it asks for as "data/cards", "data/run/<id>" and "data/sample/<id>/<n>", again
// and again.
std::string render_live(const Board& board);
std::string cards_json(const Board& board);
std::string detail_json(const Run& run, const RenderOptions& options = {});
// "png", "jpeg", "webp" or "gif" by its first bytes; empty for anything else, SVG too.
std::string picture_type(std::string_view bytes);

// True when the page draws its curves with uPlot; without, they are plain lines (tools/npm_packages.sh).
bool has_charts();

}  // namespace smflow::board
