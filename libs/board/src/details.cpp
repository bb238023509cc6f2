#include "curve.hpp"
#include "encoding.hpp"
#include "payload.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include <smflow/base/base64.hpp>
#include <smflow/board/render.hpp>

namespace smflow::board {

namespace {

// Little-endian 32-bit floats, as the page reads them; what a float cannot hold becomes infinite.
std::string floats(const std::vector<Point>& points) {
  std::string bytes;
  bytes.reserve(points.size() * sizeof(float));
  for (const Point& point : points) {
    const auto value = static_cast<float>(point.value);
    std::uint32_t bits = 0;
    std::memcpy(&bits, &value, sizeof bits);
    for (int shift = 0; shift < 32; shift += 8) bytes.push_back(static_cast<char>(bits >> shift & 0xff));
  }
  return bytes;
}

// Differences are mostly equal and pack to almost nothing.
OrderedJson series_json(const Series& series, std::size_t most_points) {
  const std::vector<Point> points = thinned(series.points, most_points);
  const double start = points.empty() ? 0 : points.front().time;
  std::vector<std::int64_t> steps, times;
  std::int64_t step = 0, time = 0;
  for (const Point& point : points) {
    steps.push_back(point.step - step);
    step = point.step;
    const auto now = static_cast<std::int64_t>(std::llround(std::clamp(point.time - start, 0.0, 1e12) * 1000));
    times.push_back(now - time);
    time = now;
  }
  return {{"name", series.name},
          {"total", series.points.size()},
          {"steps", std::move(steps)},
          {"times", std::move(times)},
          {"values", to_base64(floats(points))}};
}

OrderedJson sample_json(const Sample& sample) {
  return {{"place", sample.epoch},
          {"step", sample.step ? OrderedJson(*sample.step) : OrderedJson(nullptr)},
          {"file", sample.file},
          {"type", picture_type(sample.picture)}};
}

OrderedJson phase_json(const records::Phase& phase) {
  return {{"name", phase.name},
          {"start", milliseconds(phase.start)},
          {"end", milliseconds(phase.end)},
          {"message", phase.message}};
}

OrderedJson named_json(const std::vector<Named>& pairs, const char* name, const char* value) {
  OrderedJson list = OrderedJson::array();
  for (const Named& pair : pairs) list.push_back({{name, pair.first}, {value, pair.second}});
  return list;
}

template <class Items, class Convert>
OrderedJson list_of(const Items& items, Convert convert) {
  OrderedJson list = OrderedJson::array();
  for (const auto& item : items) list.push_back(convert(item));
  return list;
}

}  // namespace

std::string picture_type(std::string_view bytes) {
  if (bytes.starts_with("\x89PNG\r\n\x1a\n")) return "png";
  if (bytes.starts_with("\xff\xd8\xff")) return "jpeg";
  if (bytes.starts_with("GIF8")) return "gif";
  return bytes.starts_with("RIFF") && bytes.substr(std::min<std::size_t>(8, bytes.size())).starts_with("WEBP") ? "webp"
                                                                                                               : "";
}

std::size_t points_each(const std::vector<const Run*>& runs, std::size_t points) {
  constexpr std::size_t fewest = 400;
  std::vector<std::size_t> sizes;
  for (const Run* run : runs) {
    for (const Series& series : run->detail->series) sizes.push_back(series.points.size());
  }
  // Short curves leave their share to the long ones.
  std::sort(sizes.begin(), sizes.end());
  std::size_t left = points, each = points;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    each = left / (sizes.size() - i);
    if (sizes[i] > each) break;
    left -= sizes[i];
  }
  return std::max(fewest, each);
}

std::string detail_payload(const Run& run, std::size_t most_points) {
  const Detail& detail = *run.detail;
  return as_text({{"phases", list_of(detail.phases, phase_json)},
                  {"reason", detail.reason},
                  {"exitCode", detail.exit_code ? OrderedJson(*detail.exit_code) : OrderedJson(nullptr)},
                  {"command", detail.command},
                  {"replicate", detail.replicate},
                  {"exact", detail.why_not_exact.empty()},
                  {"notExact", detail.why_not_exact},
                  {"image", detail.image},
                  {"source", detail.source},
                  {"configHash", detail.config_hash},
                  {"tool", detail.tool},
                  {"data", named_json(detail.data, "channel", "uri")},
                  {"artifacts", named_json(detail.artifacts, "name", "uri")},
                  {"samples", list_of(detail.samples, sample_json)},
                  {"log", {{"file", detail.log.file}, {"text", detail.log.text}, {"leftOut", detail.log.left_out}}},
                  {"series", list_of(detail.series, [&](const Series& s) { return series_json(s, most_points); })}});
}

std::string detail_json(const Run& run, const RenderOptions& options) {
  return detail_payload(run, points_each({&run}, options.points));
}

}  // namespace smflow::board
