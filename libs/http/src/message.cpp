#include <algorithm>
#include <cstring>

#include <strings.h>

#include <smflow/http/transport.hpp>

namespace smflow::http {

namespace {

class TextBody : public BodySource {
 public:
  explicit TextBody(std::string text) : text_(std::move(text)) {}
  std::uint64_t size() const override { return text_.size(); }
  Result<void> read(std::uint64_t offset, std::span<std::byte> out) const override {
    std::memcpy(out.data(), text_.data() + offset, out.size());
    return {};
  }

 private:
  std::string text_;
};

bool same_name(std::string_view a, std::string_view b) {
  return a.size() == b.size() && ::strncasecmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace

std::optional<std::string_view> find_header(const Headers& headers, std::string_view name) {
  const auto found = std::ranges::find_if(headers, [&](const Header& header) { return same_name(header.name, name); });
  if (found == headers.end()) return std::nullopt;
  return found->value;
}

std::shared_ptr<const BodySource> body_of(std::string text) {
  return std::make_shared<TextBody>(std::move(text));
}

}  // namespace smflow::http
