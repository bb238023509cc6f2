#include "safetensors_types.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>

#include <fmt/format.h>

#include <smflow/base/files.hpp>
#include <smflow/base/json.hpp>
#include <smflow/base/text.hpp>
#include <smflow/training/safetensors.hpp>

namespace smflow::training {

namespace {

constexpr std::size_t length_field = 8;
constexpr std::uint64_t header_limit = 100'000'000;  // of the format
constexpr std::uint64_t file_limit = 64ull << 30;

Error refused(const std::filesystem::path& file, std::string_view why) {
  return {.code = "E332",
          .exit = ExitCode::configuration,
          .message = fmt::format("'{}' is not a valid safetensors file: {}", file.string(), why),
          .fix = "use another copy of the file; this one is damaged or was not written to its end"};
}

std::uint64_t little_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < length_field; ++i)
    value |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
  return value;
}

// Bytes of a tensor of this shape, or nothing when it does not fit 64 bits.
std::optional<std::uint64_t> byte_count(const std::vector<std::int64_t>& shape, ElementType type) {
  std::uint64_t count = element_size(type);
  for (const std::int64_t size : shape) {
    if (__builtin_mul_overflow(count, static_cast<std::uint64_t>(size), &count)) return std::nullopt;
  }
  return count;
}

// A list of whole numbers >= 0, or nothing.
std::optional<std::vector<std::int64_t>> whole_numbers(const Json& object, const char* key) {
  const auto list = object.find(key);
  if (list == object.end() || !list->is_array()) return std::nullopt;
  std::vector<std::int64_t> numbers;
  for (const Json& number : *list) {
    if (!number.is_number_unsigned() ||
        number.get<std::uint64_t>() > std::uint64_t{std::numeric_limits<std::int64_t>::max()}) {
      return std::nullopt;
    }
    numbers.push_back(number.get<std::int64_t>());
  }
  return numbers;
}

std::optional<Metadata> text_map(const Json& object) {
  Metadata metadata;
  if (!object.is_object()) return std::nullopt;
  for (const auto& [key, value] : object.items()) {
    if (!value.is_string()) return std::nullopt;
    metadata[key] = value.get<std::string>();
  }
  return metadata;
}

// One header entry as a tensor in `data`, or why not.
tl::expected<TensorBytes, std::string> tensor_of(const std::string& name, const Json& entry, std::string_view data) {
  const auto bad = [&](const char* why) { return tl::unexpected(fmt::format("tensor '{}' {}", printable(name), why)); };
  if (!entry.is_object()) return bad("is not described by an object");
  const auto dtype = entry.find("dtype");
  const auto type =
      dtype != entry.end() && dtype->is_string() ? element_type(dtype->get_ref<const std::string&>()) : std::nullopt;
  if (!type) return bad("has no known dtype");
  auto shape = whole_numbers(entry, "shape");
  if (!shape) return bad("has no valid shape");
  const auto offsets = whole_numbers(entry, "data_offsets");
  if (!offsets || offsets->size() != 2) return bad("has no valid data_offsets");
  const auto begin = static_cast<std::uint64_t>((*offsets)[0]), end = static_cast<std::uint64_t>((*offsets)[1]);
  if (begin > end || end > data.size()) return bad("lies outside the file");
  if (byte_count(*shape, *type) != end - begin) return bad("does not fill its range");
  return TensorBytes{name, *type, *std::move(shape), data.substr(begin, end - begin)};
}

// The ranges, taken together, must be the data: no hole, no overlap, nothing after the last.
std::string order_and_check(std::vector<TensorBytes>& tensors, std::string_view data) {
  std::sort(tensors.begin(), tensors.end(), [](const TensorBytes& a, const TensorBytes& b) {
    return a.bytes.data() != b.bytes.data() ? a.bytes.data() < b.bytes.data() : a.bytes.size() < b.bytes.size();
  });
  const char* expected = data.data();
  for (const TensorBytes& tensor : tensors) {
    if (tensor.bytes.data() != expected)
      return fmt::format("a hole or an overlap before tensor '{}'", printable(tensor.name));
    expected += tensor.bytes.size();
  }
  return expected == data.data() + data.size() ? "" : "there is data that belongs to no tensor";
}

}  // namespace

std::string_view SafetensorsFile::data() const {
  return std::string_view(bytes_.data(), bytes_.size()).substr(data_begin_);
}

const TensorBytes* SafetensorsFile::find(std::string_view name) const {
  const auto found = std::find_if(tensors_.begin(), tensors_.end(), [&](const auto& t) { return t.name == name; });
  return found == tensors_.end() ? nullptr : &*found;
}

Result<SafetensorsFile> SafetensorsFile::read(const std::filesystem::path& file) {
  auto content = read_file(file, file_limit);
  if (!content) return tl::unexpected(content.error());
  if (content->size() < length_field) return tl::unexpected(refused(file, "it is shorter than its length field"));
  const std::uint64_t header_size = little_endian(*content);
  if (header_size > header_limit || header_size > content->size() - length_field) {
    return tl::unexpected(refused(file, "the header is longer than the file"));
  }
  const std::string_view header_text = std::string_view(*content).substr(length_field, header_size);
  const auto header = parse_json(header_text, file.string(), {.bytes = header_limit, .depth = 4});
  if (!header) return tl::unexpected(refused(file, header.error().message));
  if (!header->is_object()) return tl::unexpected(refused(file, "the header is not a JSON object"));

  SafetensorsFile result;
  result.bytes_.assign(content->begin(), content->end());
  result.data_begin_ = length_field + header_size;
  for (const auto& [name, entry] : header->items()) {
    if (name == "__metadata__") {
      auto metadata = text_map(entry);
      if (!metadata) return tl::unexpected(refused(file, "its metadata are not texts"));
      result.metadata_ = *std::move(metadata);
      continue;
    }
    auto tensor = tensor_of(name, entry, result.data());
    if (!tensor) return tl::unexpected(refused(file, tensor.error()));
    result.tensors_.push_back(*std::move(tensor));
  }
  if (const auto why = order_and_check(result.tensors_, result.data()); !why.empty()) {
    return tl::unexpected(refused(file, why));
  }
  return result;
}

}  // namespace smflow::training
