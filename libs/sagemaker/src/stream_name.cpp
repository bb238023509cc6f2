#include "stream_name.hpp"

#include <charconv>

namespace smflow::sagemaker {

namespace {

template <class Number>
std::optional<Number> number_in(std::string_view text) {
  Number number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || number < 0) return std::nullopt;
  return number;
}

}  // namespace

std::optional<StreamName> parse_stream_name(std::string_view job, std::string_view stream) {
  constexpr std::string_view algo = "/algo-";
  if (!stream.starts_with(job) || !stream.substr(job.size()).starts_with(algo)) return std::nullopt;
  const std::string_view rest = stream.substr(job.size() + algo.size());
  const std::size_t dash = rest.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const auto number = number_in<int>(rest.substr(0, dash));
  const auto start = number_in<std::int64_t>(rest.substr(dash + 1));
  if (!number || !start) return std::nullopt;
  return StreamName{"algo-" + std::to_string(*number), *number, *start};
}

std::string with_control_characters(std::string_view message) {
  std::string text;
  text.reserve(message.size());
  for (std::size_t i = 0; i < message.size(); ++i) {
    const std::string_view here = message.substr(i, 5);
    const char found = here.starts_with("#011")    ? '\t'
                       : here.starts_with("#015")  ? '\r'
                       : here.starts_with("#033[") ? '\033'
                                                   : '\0';
    text += found == '\0' ? message[i] : found;
    if (found != '\0') i += 3;
  }
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

}  // namespace smflow::sagemaker
