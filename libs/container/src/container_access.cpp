#include "labels.hpp"

#include <array>
#include <cerrno>
#include <cstdlib>

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <smflow/console/client.hpp>
#include <smflow/container/container_access.hpp>
#include <smflow/contract/contract.hpp>
#include <smflow/docker/containers.hpp>
#include <smflow/docker/exec.hpp>
#include <smflow/docker/log_frames.hpp>

namespace smflow::container {

namespace {

using Piece = std::array<std::byte, 16384>;

// What a command prints, its two streams as one.
Result<void> read_output(const docker::Exec& exec, const docker::ByteSink& sink) {
  const docker::LogFrames::Sink both = [&](docker::OutputStream, std::span<const std::byte> bytes) {
    return sink(bytes);
  };
  docker::LogFrames frames(both);
  Piece piece;
  for (;;) {
    const ssize_t got = ::read(exec.stream(), piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return {};
    if (auto taken = frames.feed({piece.data(), static_cast<std::size_t>(got)}); !taken) return taken;
  }
}

void print(docker::OutputStream stream, std::span<const std::byte> bytes) {
  const int file = stream == docker::OutputStream::error ? STDERR_FILENO : STDOUT_FILENO;
  while (!bytes.empty()) {
    const ssize_t written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno != EINTR) return;
    if (written > 0) bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
}

// The end of the command is seen where it is read.
void type(const docker::Exec& exec, std::string_view keys) {
  while (!keys.empty()) {
    const ssize_t sent = ::send(exec.stream(), keys.data(), keys.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno != EINTR) return;
    if (sent > 0) keys.remove_prefix(static_cast<std::size_t>(sent));
  }
}

// The caller's streams, which are no terminal, joined to a command's.
Result<void> relay(const docker::Exec& exec) {
  const docker::LogFrames::Sink sink = [](docker::OutputStream stream,
                                          std::span<const std::byte> bytes) -> Result<void> {
    print(stream, bytes);
    return {};
  };
  docker::LogFrames frames(sink);
  Piece piece;
  std::array<pollfd, 2> events{{{exec.stream(), POLLIN, 0}, {STDIN_FILENO, POLLIN, 0}}};
  for (;;) {
    if (::poll(events.data(), events.size(), -1) < 0) {
      if (errno == EINTR) continue;
      return tl::unexpected(system_error("cannot wait for the command", errno));
    }
    if (events[1].revents != 0) {
      const ssize_t got = ::read(STDIN_FILENO, piece.data(), piece.size());
      if (got > 0) type(exec, {reinterpret_cast<const char*>(piece.data()), static_cast<std::size_t>(got)});
      if (got == 0 || (got < 0 && errno != EINTR)) {
        ::shutdown(exec.stream(), SHUT_WR);
        events[1].fd = -1;
      }
    }
    if (events[0].revents == 0) continue;
    const ssize_t got = ::read(exec.stream(), piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return {};
    if (auto taken = frames.feed({piece.data(), static_cast<std::size_t>(got)}); !taken) return taken;
  }
}

class ContainerHost : public engine::HostAccess {
 public:
  ContainerHost(std::shared_ptr<const docker::Engine> docker, std::string container)
      : docker_(std::move(docker)), container_(std::move(container)) {}

  pid_t entrypoint() const override { return 1; }
  // The address of a container is for this machine only where its networks are: not with an engine without root.
  engine::Endpoint endpoint(int port) const override {
    const auto state = docker::Containers(*docker_).inspect(container_);
    if (!state) return {};
    const auto published = state->published.find(port);
    return published == state->published.end() ? engine::Endpoint{state->address, port}
                                               : engine::Endpoint{"127.0.0.1", published->second};
  }

  Result<int> run(const std::vector<std::string>& command) const override { return execute({.command = command}); }
  // Yama (kernel.yama.ptrace_scope) lets nobody trace a process that is no child, unless it has CAP_SYS_PTRACE.
  Result<int> run_debugger(const std::vector<std::string>& command) const override {
    return execute({.command = command, .privileged = can_be_privileged()});
  }

  Result<std::string> ask(const std::vector<std::string>& command) const override {
    auto exec = start({.command = command});
    if (!exec) return tl::unexpected(std::move(exec).error());
    ::shutdown(exec->stream(), SHUT_WR);
    std::string text;
    const docker::ByteSink keep = [&](std::span<const std::byte> bytes) -> Result<void> {
      text.append(reinterpret_cast<const char*>(bytes.data()), std::min<std::size_t>(bytes.size(), 4096 - text.size()));
      return {};
    };
    return read_output(*exec, keep).map([&] { return text; });
  }

 private:
  // An engine that runs in a container itself may lack a capability, and then refuses to give all.
  bool can_be_privileged() const {
    const auto exec = start({.command = {"/bin/sh", "-c", ":"}, .privileged = true});
    const docker::ByteSink ignore = [](std::span<const std::byte>) -> Result<void> { return {}; };
    return exec && read_output(*exec, ignore) && exec->exit_code().value_or(1) == 0;
  }

  Result<int> execute(docker::ExecRequest request) const {
    request.terminal = ::isatty(STDIN_FILENO) != 0 && ::isatty(STDOUT_FILENO) != 0;
    auto exec = start(request);
    if (!exec) return tl::unexpected(std::move(exec).error());
    if (!request.terminal) {
      if (auto relayed = relay(*exec); !relayed) return tl::unexpected(std::move(relayed).error());
      return exec->exit_code();
    }
    console::join_terminal(
        {.stream = exec->stream(),
         .type = [&](std::string_view keys) { type(*exec, keys); },
         .resize = [&](console::WindowSize size) { static_cast<void>(exec->resize(size.rows, size.columns)); },
         .may_be_left = false});
    return exec->exit_code();
  }

  Result<docker::Exec> start(docker::ExecRequest request) const {
    request.folder = contract::Paths{}.code();
    const char* term = std::getenv("TERM");
    if (request.terminal && term != nullptr) request.environment.push_back(std::string("TERM=") + term);
    return docker::Exec::start(*docker_, container_, request);
  }

  std::shared_ptr<const docker::Engine> docker_;
  std::string container_;
};

}  // namespace

Result<std::unique_ptr<engine::HostAccess>> access_container(std::shared_ptr<const docker::Engine> docker,
                                                             const std::string& job, const std::string& host) {
  const auto found =
      docker::Containers(*docker).list({std::string(job_label) + "=" + job, std::string(host_label) + "=" + host});
  if (!found) return tl::unexpected(found.error());
  if (found->empty() || found->front().state != "running") return tl::unexpected(engine::not_running(host));
  return std::make_unique<ContainerHost>(std::move(docker), found->front().id);
}

}  // namespace smflow::container
