#include "data_content.hpp"

namespace smflow::preflight {

namespace {

constexpr int most_pages = 10;

void add(DataContent& content, const aws::ListedObject& object, const std::string& prefix) {
  const bool folder_mark = object.size == 0 && object.key.ends_with('/');
  if (folder_mark) return;
  ++content.objects;
  content.bytes += static_cast<double>(object.size);
  const bool below =
      prefix.empty() || prefix.ends_with('/') || object.key.size() == prefix.size() || object.key[prefix.size()] == '/';
  if (!below && content.sibling.empty()) content.sibling = object.key;
  if (object.key.find("//") != std::string::npos && content.unusable.empty()) content.unusable = object.key;
}

}  // namespace

aws::Outcome<DataContent> read_content(Services& services, const S3Location& place) {
  DataContent content;
  std::string token;
  for (int number = 0; number < most_pages && !content.complete; ++number) {
    auto page = services.objects({.bucket = place.bucket, .prefix = place.prefix, .token = token});
    if (!page) return tl::unexpected(std::move(page).error());
    for (const aws::ListedObject& object : page->objects) {
      if (object.key.starts_with(place.prefix)) add(content, object, place.prefix);
    }
    token = page->next_token;
    content.complete = token.empty();
  }
  return content;
}

}  // namespace smflow::preflight
