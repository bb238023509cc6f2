#include <smflow/aws/ecr_host.hpp>
#include <smflow/preflight/image_name.hpp>

namespace smflow::preflight {

namespace {

// What follows `mark`, taken off `text`.
std::string take_behind(std::string_view& text, std::size_t mark) {
  if (mark == std::string_view::npos) return {};
  std::string tail(text.substr(mark + 1));
  text = text.substr(0, mark);
  return tail;
}

}  // namespace

std::optional<EcrImage> parse_ecr_image(std::string_view uri) {
  const std::size_t slash = uri.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto host = aws::parse_ecr_host(uri.substr(0, slash));
  if (!host) return std::nullopt;
  std::string_view name = uri.substr(slash + 1);
  aws::ImageId id;
  id.digest = take_behind(name, name.find('@'));
  id.tag = take_behind(name, name.find(':'));
  if (id.tag.empty() && id.digest.empty()) id.tag = "latest";
  return EcrImage{host->region, {host->account, std::string(name)}, std::move(id)};
}

}  // namespace smflow::preflight
