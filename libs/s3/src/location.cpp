#include <algorithm>

#include <smflow/base/files.hpp>
#include <smflow/base/text.hpp>
#include <smflow/s3/location.hpp>

namespace smflow::s3 {

namespace {

constexpr std::string_view scheme = "s3://";

// Buckets made before 2018 in us-east-1 may have capitals, underscores and up to 255 characters.
bool is_bucket_name(std::string_view name) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '-';
  };
  return name.size() >= 3 && name.size() <= 255 && name.find("..") == std::string_view::npos &&
         std::all_of(name.begin(), name.end(), allowed);
}

tl::unexpected<Error> bad_uri(std::string_view uri, const std::string& why) {
  return tl::unexpected(Error{.code = "E444",
                              .exit = ExitCode::configuration,
                              .message = "'" + printable(uri) + "' is not a place on S3: " + why,
                              .fix = "write s3://bucket or s3://bucket/folder"});
}

}  // namespace

bool is_s3_uri(std::string_view uri) {
  return uri.starts_with(scheme);
}

Result<Location> parse_s3_uri(std::string_view uri) {
  if (!is_s3_uri(uri)) return bad_uri(uri, "it does not begin with s3://");
  const std::string_view path = uri.substr(scheme.size());
  const std::size_t slash = std::min(path.find('/'), path.size());
  const std::string_view bucket = path.substr(0, slash);
  std::string_view prefix = path.substr(std::min(slash + 1, path.size()));
  if (prefix.size() > 1 && prefix.ends_with('/')) prefix.remove_suffix(1);
  if (!is_bucket_name(bucket)) return bad_uri(uri, "'" + printable(bucket) + "' is not the name of a bucket");
  if (!prefix.empty() && !is_safe_relative_path(prefix)) {
    return bad_uri(uri, "'" + printable(prefix) + "' has a part that is empty, \".\" or \"..\"");
  }
  return Location{std::string(bucket), std::string(prefix)};
}

}  // namespace smflow::s3
