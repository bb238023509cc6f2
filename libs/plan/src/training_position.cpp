#include <charconv>

#include <smflow/plan/training_position.hpp>

namespace smflow::plan {

namespace {

struct Part {
  int done = 0;
  int total = 0;
};

// "[3/10]" at the start of `text`, which is moved behind it.
std::optional<Part> take_part(std::string_view& text) {
  Part part;
  if (text.empty() || text.front() != '[') return std::nullopt;
  const char* end = text.data() + text.size();
  const auto done = std::from_chars(text.data() + 1, end, part.done);
  if (done.ec != std::errc{} || done.ptr == end || *done.ptr != '/') return std::nullopt;
  const auto total = std::from_chars(done.ptr + 1, end, part.total);
  if (total.ec != std::errc{} || total.ptr == end || *total.ptr != ']' || part.total <= 0) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(total.ptr + 1 - text.data()));
  return part;
}

}  // namespace

std::optional<TrainingPosition> training_position(std::string_view line) {
  const auto epoch = take_part(line);
  const auto batch = epoch ? take_part(line) : std::nullopt;
  if (!batch) return std::nullopt;
  return TrainingPosition{.epoch = epoch->done, .epochs = epoch->total, .batch = batch->done, .batches = batch->total};
}

}  // namespace smflow::plan
