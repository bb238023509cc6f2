#include "file_store.hpp"

#include <cctype>

#include <smflow/base/files.hpp>
#include <smflow/storage/store.hpp>

namespace smflow::storage {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view scheme = "file://";

Error bad_location(std::string_view uri, const std::string& why, const std::string& fix) {
  return {.code = "E152",
          .exit = ExitCode::configuration,
          .message = "'" + std::string(uri) + "' is not a place to store things: " + why,
          .fix = fix};
}

bool ends_like_temporary(std::string_view name) {
  constexpr std::string_view mark = ".tmp-";
  if (name.size() < mark.size() + 6 || name.substr(name.size() - 11, mark.size()) != mark) return false;
  for (const char c : name.substr(name.size() - 6)) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) return false;
  }
  return true;
}

}  // namespace

bool is_temporary_name(std::string_view name) {
  return name.ends_with(".tmp") || ends_like_temporary(name);
}

bool is_file_uri(std::string_view uri) {
  return uri.starts_with(scheme);
}

Result<fs::path> file_uri_path(std::string_view uri) {
  if (!is_file_uri(uri)) {
    const bool has_scheme = uri.find("://") != std::string_view::npos;
    return tl::unexpected(bad_location(uri, has_scheme ? "only file:// is supported here" : "it has no scheme",
                                       "write file:///absolute/folder or file://relative/folder"));
  }
  const std::string_view path = uri.substr(scheme.size());
  if (path.empty() || path.find('\0') != std::string_view::npos) {
    return tl::unexpected(bad_location(uri, "it names no folder", "write a folder after file://"));
  }
  if (path.front() == '~') {
    return tl::unexpected(bad_location(uri, "\"~\" is not expanded", "write the home folder out: file:///home/you"));
  }
  std::error_code failed;
  const fs::path absolute = fs::absolute(path, failed).lexically_normal();
  if (failed) return tl::unexpected(system_error("cannot tell the current folder", failed.value()));
  return absolute.has_filename() || absolute == absolute.root_path() ? absolute : absolute.parent_path();
}

Result<std::unique_ptr<Store>> open_store(std::string_view location) {
  auto root = file_uri_path(location);
  if (!root) return tl::unexpected(std::move(root).error());
  return std::make_unique<FileStore>(*std::move(root));
}

}  // namespace smflow::storage
