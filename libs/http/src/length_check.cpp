#include "length_check.hpp"

#include <charconv>

namespace smflow::http {

namespace {

// Of "first-last" at the start of `text`; none for an open or reversed range, or one with more after it.
std::optional<std::uint64_t> span_of(std::string_view text, std::string_view allowed_after) {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  const char* end = text.data() + text.size();
  const auto dash = std::from_chars(text.data(), end, first);
  if (dash.ec != std::errc() || dash.ptr == end || *dash.ptr != '-') return std::nullopt;
  const auto rest = std::from_chars(dash.ptr + 1, end, last);
  if (rest.ec != std::errc() || last < first || last - first == UINT64_MAX) return std::nullopt;
  if (rest.ptr != end && allowed_after.find(*rest.ptr) == std::string_view::npos) return std::nullopt;
  return last - first + 1;
}

std::optional<std::uint64_t> span_after(std::optional<std::string_view> value, std::string_view unit,
                                        std::string_view allowed_after) {
  if (!value || !value->starts_with(unit)) return std::nullopt;
  return span_of(value->substr(unit.size()), allowed_after);
}

}  // namespace

std::optional<std::uint64_t> promised_length(const Headers& request, const Response& response) {
  if (response.status != 206) return std::nullopt;
  if (auto given = span_after(find_header(response.headers, "Content-Range"), "bytes ", "/")) return given;
  if (find_header(response.headers, "Content-Length")) return std::nullopt;
  return span_after(find_header(request, "Range"), "bytes=", "");
}

}  // namespace smflow::http
