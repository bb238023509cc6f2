#pragma once

#include <string>
#include <vector>

#include <smflow/board/board.hpp>

namespace smflow::board {

// About `most` of the points, in their order, so that no extreme is lost (RenderOptions).
std::vector<Point> thinned(const std::vector<Point>& points, std::size_t most);

// A line of at most 24 characters '0' to 'o' between least and greatest; '-' where there is no number.
std::string spark(const Series& series);

}  // namespace smflow::board
