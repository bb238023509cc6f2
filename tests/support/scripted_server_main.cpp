#include "support/scripted_server.hpp"

#include <cstdio>

#include <unistd.h>

#include <smflow/base/files.hpp>

// scripted_server SCRIPT.json: prints its port on one line and serves until stdin is closed. It answers a line there
// with the method of the last request.
int main(int count, char** arguments) try {
  if (count != 2) throw std::invalid_argument("scripted_server SCRIPT.json");
  auto script = smflow::test::parse_script(smflow::value_or_throw(smflow::read_file(arguments[1])));
  const smflow::test::ScriptedServer server(smflow::value_or_throw(std::move(script)));
  std::printf("%d\n", server.port());
  std::fflush(stdout);
  char ignored[256];
  while (::read(STDIN_FILENO, ignored, sizeof ignored) > 0) {
    const auto requests = server.requests();
    std::printf("%s\n", requests.empty() ? "" : requests.back().method.c_str());
    std::fflush(stdout);
  }
  return 0;
} catch (const std::exception& failure) {
  std::fprintf(stderr, "scripted_server: %s\n", failure.what());
  return 2;
}
