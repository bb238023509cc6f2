#pragma once

#include <cstdio>
#include <filesystem>
#include <string>

namespace smflow::test {

// All of it by the `openssl` command; throws std::runtime_error when that fails.

// Makes the authority `name`.pem with its `name`.key.
void make_authority(const std::filesystem::path& folder, const std::string& name);
// Makes `name`.pem and `name`.key for the host "localhost", signed by `authority`; negative `days`: expired.
void make_certificate(const std::filesystem::path& folder, const std::string& authority, const std::string& name,
                      int days);

// `openssl s_server -www` on a free port of 127.0.0.1: one connection after the other, answers any GET with a page.
class TlsServer {
 public:
  TlsServer(const std::filesystem::path& folder, const std::string& certificate);
  ~TlsServer();
  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;

  int port() const { return port_; }

 private:
  int read_port();

  std::FILE* output_ = nullptr;
  int process_ = -1;
  int port_ = 0;
};

}  // namespace smflow::test
