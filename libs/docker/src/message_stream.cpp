#include "message_stream.hpp"

#include "failure.hpp"

#include <smflow/base/text.hpp>

namespace smflow::docker {

namespace {

constexpr std::size_t longest_message = 1u << 20;

}  // namespace

Result<void> MessageStream::feed(std::span<const std::byte> piece) {
  std::string_view text(reinterpret_cast<const char*>(piece.data()), piece.size());
  for (std::size_t end; (end = text.find('\n')) != std::string_view::npos; text.remove_prefix(end + 1)) {
    rest_ += text.substr(0, end);
    const std::string line = std::exchange(rest_, {});
    if (auto taken = take_line(line); !taken) return taken;
  }
  rest_ += text;
  if (rest_.size() > longest_message) return tl::unexpected(not_understood("a message of more than 1 MiB"));
  return {};
}

Result<void> MessageStream::finish() {
  return take_line(std::exchange(rest_, {}));
}

Result<void> MessageStream::take_line(std::string_view line) {
  if (trim(line).empty()) return {};
  const auto message = parse_json(line, "a message of the engine", {.bytes = longest_message, .depth = 16});
  if (!message) return tl::unexpected(not_understood(message.error().message));
  if (!message->is_object()) return tl::unexpected(not_understood("a message that is no object"));
  return take_(*message);
}

std::string text_in(const Json& object, const char* member) {
  if (!object.is_object()) return {};
  const auto found = object.find(member);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

std::map<std::string, std::string> texts_in(const Json& object, const char* member) {
  std::map<std::string, std::string> texts;
  const auto found = object.find(member);
  if (found == object.end() || !found->is_object()) return texts;
  for (const auto& [name, value] : found->items()) {
    if (value.is_string()) texts[name] = value.get<std::string>();
  }
  return texts;
}

std::uint64_t number_in(const Json& object, const char* member) {
  if (!object.is_object()) return 0;
  const auto found = object.find(member);
  return found != object.end() && found->is_number_unsigned() ? found->get<std::uint64_t>() : 0;
}

}  // namespace smflow::docker
