#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include <smflow/base/terminal.hpp>

namespace smflow::http {

// Where the certificates of the authorities are. One of the two, or none: as libcurl was built.
struct Certificates {
  std::optional<std::string> file;    // PEM
  std::optional<std::string> folder;  // with hash links, as c_rehash makes them
};

// `wanted` if not empty, then CURL_CA_BUNDLE, SSL_CERT_FILE, and `system_folder` when it has hash links: looking up one
// authority there takes OpenSSL 3.0 a twentieth of the time it takes to read the bundle.
Certificates choose_certificates(const std::string& wanted, const EnvironmentLookup& environment,
                                 const std::filesystem::path& system_folder = "/etc/ssl/certs");

}  // namespace smflow::http
