#pragma once

#include <filesystem>
#include <functional>
#include <memory>

#include <smflow/base/error.hpp>
#include <smflow/base/unique_fd.hpp>

namespace smflow::console {

// A terminal for a program whose own streams lead elsewhere: a pseudo-terminal that people join and leave through a
// Unix socket while the program runs. All who have joined see the same, and each may type. Whoever joins is shown the
// last of what was printed before. Runs on a thread of its own.
class Server {
 public:
  // Makes the pseudo-terminal, and the socket "console" in `folder`, which is made when it is missing. Whoever may
  // enter the folder may join. E386 when that cannot be.
  static Result<std::unique_ptr<Server>> open(const std::filesystem::path& folder);
  ~Server();

  // The program's side: its standard streams, and the terminal that controls it.
  int program_side() const;

  // The program has its side now: starts copying. What it prints goes to `log` too, its lines ended by "\n".
  // `on_join` is called once, on the thread, when somebody joins or types for the first time. When our own standard
  // input is a terminal (a container started with -i -t), its keys are the program's as well.
  void start(UniqueFd log, std::function<void()> on_join);
  // Our own standard input is a terminal that has got another size.
  void take_window_size() const;
  // What the program has printed is copied, and everyone leaves. `log` is closed.
  void stop();

 private:
  struct Parts;
  explicit Server(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace smflow::console
