#pragma once

#include <cstdint>
#include <filesystem>
#include <limits>
#include <span>
#include <string>
#include <string_view>

#include <smflow/base/clock.hpp>
#include <smflow/base/error.hpp>
#include <smflow/base/json.hpp>
#include <smflow/base/unique_fd.hpp>

namespace smflow::training {

// A measured value. Names are 1 to 128 of the characters A-Z a-z 0-9 _ . : / ( ) -; a slash groups charts.
struct NamedValue {
  std::string_view name;
  double value = 0;
};

// "[1/5][20/57] Loss_D: 0.4120 Loss_G: 2.1410": one line of a training log. Four digits after the point, or scientific
// notation where those would hide the value; always readable by ([-+]?[0-9]*\.?[0-9]+(?:[eE][-+]?[0-9]+)?).
std::string progress_line(std::int64_t epoch, std::int64_t epochs, std::int64_t batch, std::int64_t batches,
                          std::span<const NamedValue> values);

// The metrics of a run, one JSON object a line:
//   {"v":1,"t":1795439002.118,"step":150,"epoch":1,"m":{"generator/loss":2.141}}
//   {"v":1,"t":1795439002.118,"step":3900,"event":"sample","file":"samples/epoch-0001.png"}
//   {"v":1,"t":1795439002.118,"step":130,"event":"resume"}
// t is Unix time in seconds. JSON knows no NaN and no infinity: they are the texts "NaN", "Infinity", "-Infinity".
// Each line is written at once, whole.
class MetricsFile {
 public:
  // Makes missing folders. Of an existing file the lines up to `keep_step` stay, so that a resumed run replaces what
  // the interrupted one wrote after its last checkpoint; a torn last line goes. `clock` outlives the object.
  static Result<MetricsFile> open(const std::filesystem::path& file, const Clock& clock, std::int64_t keep_step = -1);

  Result<void> scalars(std::int64_t step, std::int64_t epoch, std::span<const NamedValue> values);
  Result<void> event(std::int64_t step, std::string_view event, std::string_view file = {});

 private:
  MetricsFile(UniqueFd fd, std::string name, const Clock& clock)
      : fd_(std::move(fd)), name_(std::move(name)), clock_(&clock) {}
  OrderedJson line(std::int64_t step) const;
  Result<void> write(const OrderedJson& line);

  UniqueFd fd_;
  std::string name_;
  const Clock* clock_;
};

}  // namespace smflow::training
