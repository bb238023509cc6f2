#include <smflow/preflight/image_name.hpp>

#include <algorithm>

#include <smflow/base/text.hpp>

namespace smflow::preflight {

namespace {

bool is_account(std::string_view text) {
  return text.size() == 12 && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

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
  const std::vector<std::string> host = split(uri.substr(0, slash), '.');
  const bool in_ecr =
      host.size() >= 6 && is_account(host[0]) && host[1] == "dkr" && (host[2] == "ecr" || host[2] == "ecr-fips");
  if (!in_ecr) return std::nullopt;
  std::string_view name = uri.substr(slash + 1);
  aws::ImageId id;
  id.digest = take_behind(name, name.find('@'));
  id.tag = take_behind(name, name.find(':'));
  if (id.tag.empty() && id.digest.empty()) id.tag = "latest";
  return EcrImage{host[3], {host[0], std::string(name)}, std::move(id)};
}

}  // namespace smflow::preflight
