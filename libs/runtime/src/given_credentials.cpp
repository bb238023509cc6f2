#include <cerrno>
#include <optional>

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <smflow/base/text.hpp>
#include <smflow/base/unique_fd.hpp>
#include <smflow/contract/credentials.hpp>
#include <smflow/runtime/given_credentials.hpp>

namespace smflow::runtime {

namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr std::size_t most_bytes = 64 << 10;

Error not_given(const std::string& why) {
  return {.code = "E236",
          .exit = ExitCode::machine,
          .message = "the AWS credentials that LOCAL.AWS_CREDENTIALS promises did not come: " + why,
          .fix = "start the job again; without it, set LOCAL.AWS_CREDENTIALS to false"};
}

// Until the launcher has written all of it. Opened without waiting: a launcher that is gone never comes.
Result<std::string> read_fifo(const std::string& path, milliseconds patience) {
  const UniqueFd fifo(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW));
  if (!fifo) return tl::unexpected(not_given(system_error_text(errno)));
  const auto end = Clock::now() + patience;
  std::string text;
  char buffer[4096];
  for (;;) {
    const auto left = std::chrono::duration_cast<milliseconds>(end - Clock::now());
    pollfd readable{fifo.get(), POLLIN, 0};
    if (left.count() <= 0 || text.size() > most_bytes) return tl::unexpected(not_given("the launcher is silent"));
    if (::poll(&readable, 1, static_cast<int>(left.count())) <= 0) continue;
    const ssize_t got = ::read(fifo.get(), buffer, sizeof buffer);
    if (got == 0) return text;
    if (got > 0) text.append(buffer, static_cast<std::size_t>(got));
    if (got < 0 && errno != EINTR && errno != EAGAIN) return tl::unexpected(not_given(system_error_text(errno)));
  }
}

std::optional<Variables> parse(const std::string& text) {
  Variables variables;
  for (const std::string& line : split(text, '\n')) {
    if (line.empty()) continue;
    const std::size_t sign = line.find('=');
    if (!line.starts_with("AWS_") || sign == std::string::npos) return std::nullopt;
    variables.emplace(line.substr(0, sign), line.substr(sign + 1));
  }
  return variables;
}

}  // namespace

Result<void> take_credentials(Variables& given, milliseconds patience) {
  const auto promised = given.find(contract::credentials::fifo_variable);
  if (promised == given.end()) return {};
  const auto text = read_fifo(promised->second, patience);
  if (!text) return tl::unexpected(text.error());
  auto variables = parse(*text);
  if (!variables || variables->empty()) return tl::unexpected(not_given("something else came"));
  given.erase(promised);
  given.merge(*variables);
  return {};
}

}  // namespace smflow::runtime
