#include <cstring>

#include <smflow/base/text.hpp>
#include <smflow/http/transport.hpp>

namespace smflow::http {

namespace {

class TextBody : public BodySource {
 public:
  explicit TextBody(std::string text) : text_(std::move(text)) {}
  std::uint64_t size() const override { return text_.size(); }
  Result<void> read(std::uint64_t offset, std::span<std::byte> out) const override {
    if (offset > text_.size() || out.size() > text_.size() - offset) {
      return tl::unexpected(Error{.code = "E999", .message = "a body was read past its end"});
    }
    if (!out.empty()) std::memcpy(out.data(), text_.data() + offset, out.size());
    return {};
  }

 private:
  std::string text_;
};

}  // namespace

std::optional<std::string_view> find_header(const Headers& headers, std::string_view name) {
  const std::string upper = to_upper(name);
  for (const Header& header : headers) {
    if (header.name.size() == name.size() && to_upper(header.name) == upper) return header.value;
  }
  return std::nullopt;
}

std::shared_ptr<const BodySource> body_of(std::string text) {
  return std::make_shared<TextBody>(std::move(text));
}

}  // namespace smflow::http
