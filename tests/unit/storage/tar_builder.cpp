#include "tar_builder.hpp"

#include <cstdio>
#include <cstring>
#include <stdexcept>

#include <zlib.h>

namespace smflow::storage::test {

namespace {

constexpr std::size_t block = 512;

struct Field {
  std::size_t at;
  std::size_t size;
};
constexpr Field name_field{0, 100}, mode_field{100, 8}, uid_field{108, 8}, gid_field{116, 8}, size_field{124, 12},
    time_field{136, 12}, sum_field{148, 8}, type_field{156, 1}, link_field{157, 100}, magic_field{257, 8};

void put(std::string& header, Field field, std::string_view text) {
  if (text.size() > field.size) throw std::invalid_argument("too long for the field");
  header.replace(field.at, text.size(), text);
}

void put_octal(std::string& header, Field field, unsigned long long number) {
  char digits[24];
  std::snprintf(digits, sizeof digits, "%0*llo", static_cast<int>(field.size - 1), number);
  put(header, field, digits);
}

}  // namespace

void TarBuilder::header(std::string_view name, char type, unsigned long long size, std::string_view link,
                        unsigned mode) {
  std::string header(block, '\0');
  put(header, name_field, name);
  put_octal(header, mode_field, mode);
  put_octal(header, uid_field, 1234);
  put_octal(header, gid_field, 1234);
  put_octal(header, size_field, size);
  put_octal(header, time_field, 1'600'000'000);
  put(header, type_field, std::string_view(&type, 1));
  put(header, link_field, link);
  put(header, magic_field, std::string_view("ustar\00000", 8));
  put(header, sum_field, "        ");
  unsigned sum = 0;
  for (const char c : header) sum += static_cast<unsigned char>(c);
  put_octal(header, {sum_field.at, 7}, sum);
  header[sum_field.at + 6] = '\0';
  bytes_ += header;
}

TarBuilder& TarBuilder::add(std::string_view name, char type, std::string_view content, std::string_view link,
                            unsigned mode) {
  header(name, type, content.size(), link, mode);
  return raw(content).raw(std::string((block - content.size() % block) % block, '\0'));
}

TarBuilder& TarBuilder::empty_promise(std::string_view name, unsigned long long size) {
  header(name, '0', size, "", 0644);
  return *this;
}

TarBuilder& TarBuilder::raw(std::string_view bytes) {
  bytes_ += bytes;
  return *this;
}

std::string TarBuilder::tar_gz() const {
  return gzip(tar());
}

std::string gzip(std::string_view bytes) {
  z_stream stream{};
  if (deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) throw std::bad_alloc();
  std::string input(bytes);
  std::string output(deflateBound(&stream, static_cast<uLong>(input.size())), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(input.data());
  stream.avail_in = static_cast<uInt>(input.size());
  stream.next_out = reinterpret_cast<Bytef*>(output.data());
  stream.avail_out = static_cast<uInt>(output.size());
  const int status = deflate(&stream, Z_FINISH);
  output.resize(stream.total_out);
  deflateEnd(&stream);
  if (status != Z_STREAM_END) throw std::runtime_error("deflate failed");
  return output;
}

}  // namespace smflow::storage::test
