#pragma once

#include <string>

#include <smflow/base/json.hpp>
#include <smflow/board/board.hpp>

namespace smflow::board {

std::string as_text(const OrderedJson& json);
OrderedJson milliseconds(const std::optional<WallTime>& time);
// The JSON of render.hpp's detail_json with at most `most_points` a curve.
std::string detail_payload(const Run& run, std::size_t most_points);
// A curve's share of `points` when all of `runs` are shown.
std::size_t points_each(const std::vector<const Run*>& runs, std::size_t points);

}  // namespace smflow::board
