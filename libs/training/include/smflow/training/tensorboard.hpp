#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include <smflow/base/clock.hpp>
#include <smflow/base/error.hpp>
#include <smflow/base/unique_fd.hpp>

namespace smflow::training {

struct PngImage {
  int width = 0;
  int height = 0;
  std::string bytes;  // the PNG file, RGB
};

// One TensorBoard event file, "events.out.tfevents.<seconds>.<host>.<pid>.<n>" in `folder`: records of TFRecord framing
// around the messages Event and Summary of tensorflow/core. Events are gathered and written every 64 KiB, every five
// seconds, on flush and at the end; a torn last record does no harm to readers.
class EventFile {
 public:
  // `clock` outlives the object.
  static Result<EventFile> create(const std::filesystem::path& folder, std::string_view host, const Clock& clock);
  EventFile(EventFile&&) noexcept = default;
  EventFile& operator=(EventFile&&) = delete;
  ~EventFile();

  // Tells readers to forget what earlier files of the folder say from `step` on: the run continues from there.
  Result<void> restart(std::int64_t step);
  Result<void> scalar(std::int64_t step, std::string_view tag, float value);
  Result<void> image(std::int64_t step, std::string_view tag, const PngImage& image);
  Result<void> flush();

  const std::filesystem::path& file() const { return file_; }

 private:
  EventFile(UniqueFd fd, std::filesystem::path file, const Clock& clock);
  Result<void> add(std::int64_t step, int field, std::string_view message);

  UniqueFd fd_;
  std::filesystem::path file_;
  const Clock* clock_;
  std::string pending_;
  SteadyTime flushed_;
};

}  // namespace smflow::training
