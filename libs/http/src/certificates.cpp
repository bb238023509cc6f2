#include "certificates.hpp"

namespace smflow::http {

namespace fs = std::filesystem;

namespace {

bool has_hash_links(const fs::path& folder) {
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    if (entry->path().extension() == ".0") return true;
  }
  return false;
}

Certificates certificates_at(const std::string& path) {
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) return {.file = {}, .folder = path};
  return {.file = path, .folder = {}};
}

}  // namespace

Certificates choose_certificates(const std::string& wanted, const EnvironmentLookup& environment,
                                 const fs::path& system_folder) {
  if (!wanted.empty()) return certificates_at(wanted);
  for (const char* name : {"CURL_CA_BUNDLE", "SSL_CERT_FILE"}) {
    const auto path = environment(name);
    if (path && !path->empty()) return certificates_at(*path);
  }
  if (has_hash_links(system_folder)) return {.file = {}, .folder = system_folder.string()};
  return {};
}

}  // namespace smflow::http
