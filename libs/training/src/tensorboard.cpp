#include "smflow/training/tensorboard.hpp"

#include "protobuf.hpp"

#include <atomic>
#include <cerrno>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <smflow/base/write_all.hpp>
#include <smflow/training/crc32c.hpp>

namespace smflow::training {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t flush_bytes = 64 << 10;
constexpr std::chrono::seconds flush_interval{5};

// Field numbers of tensorflow/core/util/event.proto and framework/summary.proto.
namespace event {
constexpr int wall_time = 1, step = 2, file_version = 3, summary = 5, session_log = 7;
}
namespace summary {
constexpr int value = 1, tag = 1, simple_value = 2, image = 4;
}
namespace image {
constexpr int height = 1, width = 2, colorspace = 3, encoded = 4;
}
constexpr int session_status = 1;
constexpr int session_start = 1;
constexpr int rgb = 3;

std::string little_endian(std::uint64_t value, int size) {
  std::string bytes;
  for (int i = 0; i < size; ++i) bytes.push_back(static_cast<char>(value >> (8 * i)));
  return bytes;
}

void append_record(std::string& out, std::string_view data) {
  const std::string length = little_endian(data.size(), 8);
  out.append(length).append(little_endian(masked_crc32c(length), 4));
  out.append(data).append(little_endian(masked_crc32c(data), 4));
}

double unix_seconds(WallTime time) {
  return static_cast<double>(time.time_since_epoch().count()) / 1000;
}

std::string file_name(std::string_view host, WallTime now) {
  static std::atomic<int> number = 0;
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
  return fmt::format("events.out.tfevents.{:010}.{}.{}.{}", seconds, host, getpid(), number++);
}

}  // namespace

EventFile::EventFile(UniqueFd fd, fs::path file, const Clock& clock)
    : fd_(std::move(fd)), file_(std::move(file)), clock_(&clock), flushed_(clock.steady_now()) {}

Result<EventFile> EventFile::create(const fs::path& folder, std::string_view host, const Clock& clock) {
  std::error_code problem;
  fs::create_directories(folder, problem);
  const fs::path file = folder / file_name(host, clock.now());
  UniqueFd fd(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0666));
  if (!fd) return tl::unexpected(system_error(fmt::format("cannot create '{}'", file.string()), errno));
  EventFile events(std::move(fd), file, clock);
  if (auto done = events.add(0, event::file_version, "brain.Event:2"); !done) return tl::unexpected(done.error());
  return events;
}

// What cannot be written at the end has nobody left to tell; training does not fail for its charts.
EventFile::~EventFile() {
  if (fd_) static_cast<void>(flush());
}

Result<void> EventFile::restart(std::int64_t step) {
  return add(step, event::session_log, ProtobufMessage().integer(session_status, session_start).data());
}

Result<void> EventFile::scalar(std::int64_t step, std::string_view tag, float value) {
  ProtobufMessage entry;
  entry.bytes(summary::tag, tag).real32(summary::simple_value, value);
  return add(step, event::summary, ProtobufMessage().bytes(summary::value, entry.data()).data());
}

Result<void> EventFile::image(std::int64_t step, std::string_view tag, const PngImage& picture) {
  ProtobufMessage png;
  png.integer(image::height, picture.height).integer(image::width, picture.width);
  png.integer(image::colorspace, rgb).bytes(image::encoded, picture.bytes);
  ProtobufMessage entry;
  entry.bytes(summary::tag, tag).bytes(summary::image, png.data());
  return add(step, event::summary, ProtobufMessage().bytes(summary::value, entry.data()).data());
}

Result<void> EventFile::add(std::int64_t step, int field, std::string_view message) {
  ProtobufMessage event;
  event.real64(event::wall_time, unix_seconds(clock_->now())).integer(event::step, step).bytes(field, message);
  append_record(pending_, event.data());
  const bool due = pending_.size() >= flush_bytes || clock_->steady_now() - flushed_ >= flush_interval;
  return due ? flush() : Result<void>{};
}

Result<void> EventFile::flush() {
  if (auto done = write_all(fd_.get(), pending_, file_.string()); !done) return done;
  pending_.clear();
  flushed_ = clock_->steady_now();
  return {};
}

}  // namespace smflow::training
