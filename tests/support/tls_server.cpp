#include "support/tls_server.hpp"

#include <array>
#include <csignal>
#include <cstdlib>
#include <stdexcept>

#include <sys/wait.h>
#include <unistd.h>

namespace smflow::test {

namespace {

void run_openssl(const std::filesystem::path& folder, const std::string& arguments) {
  const std::string command = "cd '" + folder.string() + "' && openssl " + arguments + " >/dev/null 2>&1";
  if (std::system(command.c_str()) != 0) throw std::runtime_error("failed: openssl " + arguments);
}

constexpr const char* new_key = " -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes";

}  // namespace

void make_authority(const std::filesystem::path& folder, const std::string& name) {
  run_openssl(folder, std::string("req -x509") + new_key + " -subj /CN=" + name + " -days 2 -keyout " + name +
                          ".key -out " + name + ".pem");
}

void make_certificate(const std::filesystem::path& folder, const std::string& authority, const std::string& name,
                      int days) {
  run_openssl(folder, std::string("req") + new_key + " -subj /CN=localhost -addext subjectAltName=DNS:localhost" +
                          " -keyout " + name + ".key -out " + name + ".csr");
  run_openssl(folder, "x509 -req -in " + name + ".csr -CA " + authority + ".pem -CAkey " + authority +
                          ".key -CAcreateserial -copy_extensions copy -days " + std::to_string(days) + " -out " + name +
                          ".pem");
}

TlsServer::TlsServer(const std::filesystem::path& folder, const std::string& certificate) {
  const std::string pem = (folder / (certificate + ".pem")).string();
  const std::string key = (folder / (certificate + ".key")).string();
  std::array<int, 2> ends = {};
  if (::pipe(ends.data()) != 0) throw std::runtime_error("no pipe");
  process_ = ::fork();
  if (process_ == 0) {
    ::dup2(ends[1], STDOUT_FILENO);
    ::close(ends[0]);
    ::close(ends[1]);
    ::execlp("openssl", "openssl", "s_server", "-accept", "127.0.0.1:0", "-cert", pem.c_str(), "-key", key.c_str(),
             "-www", nullptr);
    ::_exit(127);
  }
  ::close(ends[1]);
  output_ = ::fdopen(ends[0], "r");
  port_ = read_port();
}

TlsServer::~TlsServer() {
  ::kill(process_, SIGKILL);
  ::waitpid(process_, nullptr, 0);
  std::fclose(output_);
}

// From the line "ACCEPT 127.0.0.1:port"; 0, where nobody listens, when there is none.
int TlsServer::read_port() {
  std::array<char, 256> line = {};
  int port = 0;
  while (std::fgets(line.data(), line.size(), output_) != nullptr) {
    if (std::sscanf(line.data(), "ACCEPT 127.0.0.1:%d", &port) == 1) break;
  }
  return port;
}

}  // namespace smflow::test
