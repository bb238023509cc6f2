#include <algorithm>
#include <new>

#include <zlib.h>

#include <smflow/storage/gzip.hpp>

namespace smflow::storage {

namespace {

constexpr int gzip_window = MAX_WBITS + 16;

Bytef* bytes_of(std::string_view text) {
  return reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
}

Error unreadable(const std::string& why) {
  return {.code = "E901", .exit = ExitCode::configuration, .message = "a gzip cannot be read: " + why};
}

}  // namespace

std::string gzip(std::string_view text) {
  z_stream stream{};
  if (deflateInit2(&stream, 6, Z_DEFLATED, gzip_window, 8, Z_DEFAULT_STRATEGY) != Z_OK) throw std::bad_alloc();
  std::string packed(deflateBound(&stream, text.size()), '\0');
  stream.next_in = bytes_of(text);
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = bytes_of(packed);
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

Result<std::string> gunzip(std::string_view bytes, std::size_t limit) {
  constexpr std::size_t step = 1u << 20;
  z_stream stream{};
  if (inflateInit2(&stream, gzip_window) != Z_OK) throw std::bad_alloc();
  stream.next_in = bytes_of(bytes);
  stream.avail_in = static_cast<uInt>(bytes.size());
  std::string text;
  int status = Z_OK;
  while (status == Z_OK && text.size() <= limit) {
    const std::size_t before = text.size();
    text.resize(before + std::min(step, limit + 1 - before));
    stream.next_out = bytes_of(text) + before;
    stream.avail_out = static_cast<uInt>(text.size() - before);
    status = inflate(&stream, Z_NO_FLUSH);
    text.resize(text.size() - stream.avail_out);
  }
  inflateEnd(&stream);
  if (text.size() > limit) return tl::unexpected(unreadable("it holds more than " + std::to_string(limit) + " bytes"));
  if (status != Z_STREAM_END) return tl::unexpected(unreadable("it is damaged or cut short"));
  return text;
}

}  // namespace smflow::storage
