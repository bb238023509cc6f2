#include "gzip_reader.hpp"

#include <algorithm>
#include <cerrno>
#include <new>

#include <unistd.h>

#include <smflow/base/text.hpp>

namespace smflow::storage {

namespace {

constexpr std::size_t buffer_size = 64u << 10;
constexpr int gzip_window = 15 + 16;

std::string_view as_text(const unsigned char* bytes, std::size_t size) {
  return {reinterpret_cast<const char*>(bytes), size};
}

}  // namespace

GzipReader::GzipReader(UniqueFd file, std::string shown)
    : file_(std::move(file)), shown_(std::move(shown)), input_(buffer_size), output_(buffer_size) {
  if (inflateInit2(&stream_, gzip_window) != Z_OK) throw std::bad_alloc();
}

GzipReader::~GzipReader() {
  inflateEnd(&stream_);
}

Error GzipReader::damaged(std::string_view why) const {
  return {.code = "E165",
          .exit = ExitCode::configuration,
          .message = "'" + printable(shown_) + "' is not a sound archive: " + std::string(why),
          .fix = "fetch or make the archive again"};
}

// False at the end of the file.
Result<bool> GzipReader::fill() {
  ssize_t got = 0;
  do {
    got = ::read(file_.get(), input_.data(), input_.size());
  } while (got < 0 && errno == EINTR);
  if (got < 0) return tl::unexpected(system_error("cannot read '" + printable(shown_) + "'", errno));
  stream_.next_in = input_.data();
  stream_.avail_in = static_cast<uInt>(got);
  return got > 0;
}

Result<std::string_view> GzipReader::next() {
  if (state_ == State::begin) {
    auto filled = fill();
    if (!filled) return tl::unexpected(std::move(filled).error());
    const bool gzip = stream_.avail_in >= 2 && input_[0] == 0x1f && input_[1] == 0x8b;
    state_ = gzip ? State::member : State::plain;
  } else if (state_ == State::plain) {
    auto filled = fill();
    if (!filled) return tl::unexpected(std::move(filled).error());
  }
  if (state_ != State::plain) return inflate_some();
  total_ += stream_.avail_in;
  return as_text(input_.data(), stream_.avail_in);
}

// Members may follow one another (RFC 1952), and zeros the last.
Result<void> GzipReader::begin_member() {
  const unsigned char* const end = stream_.next_in + stream_.avail_in;
  const auto* const start = std::find_if(static_cast<const unsigned char*>(stream_.next_in), end,
                                         [](unsigned char byte) { return byte != 0; });
  if (start == end) {
    stream_.avail_in = 0;
    return {};
  }
  if (start != stream_.next_in || *start != 0x1f)
    return tl::unexpected(damaged("something follows the compressed data"));
  inflateReset(&stream_);
  state_ = State::member;
  return {};
}

Result<std::string_view> GzipReader::inflate_some() {
  stream_.next_out = output_.data();
  stream_.avail_out = static_cast<uInt>(output_.size());
  while (stream_.avail_out > 0) {
    if (stream_.avail_in == 0) {
      const auto filled = fill();
      if (!filled) return tl::unexpected(filled.error());
      if (!*filled && state_ == State::between) break;
      if (!*filled) return tl::unexpected(damaged("it is cut off"));
    }
    if (state_ == State::between) {
      if (auto begun = begin_member(); !begun) return tl::unexpected(std::move(begun).error());
      continue;
    }
    const int status = inflate(&stream_, Z_NO_FLUSH);
    if (status == Z_STREAM_END) {
      state_ = State::between;
    } else if (status != Z_OK) {
      return tl::unexpected(damaged(stream_.msg == nullptr ? "the compressed data make no sense" : stream_.msg));
    }
  }
  const std::size_t made = output_.size() - stream_.avail_out;
  total_ += made;
  return as_text(output_.data(), made);
}

}  // namespace smflow::storage
