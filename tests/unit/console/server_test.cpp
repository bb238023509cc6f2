#include "socket.hpp"
#include "support/temporary_folder.hpp"

#include <atomic>
#include <thread>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <smflow/console/client.hpp>
#include <smflow/console/server.hpp>

namespace smflow::console {

namespace {

using testing::HasSubstr;

// A shell script on a console, as `train` runs a program.
class ConsoleTest : public testing::Test {
 protected:
  void run(const char* script) {
    auto opened = Server::open(folder_ / "debug");
    ASSERT_TRUE(opened) << opened.error().message;
    server_ = *std::move(opened);
    int ends[2];
    ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
    log_.reset(ends[0]);
    UniqueFd log_end(ends[1]);
    pid_ = ::fork();
    ASSERT_GE(pid_, 0);
    if (pid_ == 0) {
      ::setsid();
      ::ioctl(server_->program_side(), TIOCSCTTY, 0);
      for (int stream = 0; stream < 3; ++stream) ::dup2(server_->program_side(), stream);
      ::execl("/bin/sh", "sh", "-c", script, nullptr);
      ::_exit(127);
    }
    server_->start(std::move(log_end), [this] { ++joins_; });
  }

  // All that came to the log, once the program has ended.
  std::string log_at_end() {
    int status = 0;
    ::waitpid(pid_, &status, 0);
    exit_code_ = WEXITSTATUS(status);
    std::string text;
    std::thread reader([&] {
      char buffer[4096];
      ssize_t got = 0;
      while ((got = ::read(log_.get(), buffer, sizeof buffer)) > 0) text.append(buffer, static_cast<std::size_t>(got));
    });
    server_->stop();
    reader.join();
    return text;
  }

  UniqueFd join() {
    auto socket = connect_in(folder_ / "debug");
    EXPECT_TRUE(socket);
    return *std::move(socket);
  }

  // Reads until `text` has come, at most ten seconds.
  static std::string read_until(const UniqueFd& socket, std::string_view text) {
    std::string got;
    pollfd ready{socket.get(), POLLIN, 0};
    while (got.find(text) == std::string::npos && ::poll(&ready, 1, 10'000) == 1) {
      char buffer[4096];
      const ssize_t size = ::read(socket.get(), buffer, sizeof buffer);
      if (size <= 0) break;
      got.append(buffer, static_cast<std::size_t>(size));
    }
    return got;
  }

  static void type(const UniqueFd& socket, std::string_view keys) {
    EXPECT_TRUE(write_all(socket.get(), keys_frame(keys)));
  }

  test::TemporaryFolder folder_;
  std::unique_ptr<Server> server_;
  UniqueFd log_;
  pid_t pid_ = 0;
  std::atomic<int> joins_{0};
  int exit_code_ = -1;
};

}  // namespace

TEST_F(ConsoleTest, GivesTheProgramATerminalAndTheLogPlainLines) {
  run("test -t 0 && test -t 1 && test -t 2 && echo one && echo two >&2");
  EXPECT_EQ(log_at_end(), "one\ntwo\n");
  EXPECT_EQ(exit_code_, 0);
}

TEST_F(ConsoleTest, TakesKeysAndShowsWhatIsPrinted) {
  run("read line; echo \"got $line\"");
  const UniqueFd somebody = join();
  type(somebody, "hello\r");
  EXPECT_THAT(read_until(somebody, "got hello\r\n"), HasSubstr("hello\r\ngot hello\r\n"));
  EXPECT_EQ(log_at_end(), "hello\ngot hello\n");
}

TEST_F(ConsoleTest, ShowsOneWhoJoinsWhatWasPrintedBefore) {
  run("printf 'prompt> '; read line");
  UniqueFd first = join();
  EXPECT_EQ(read_until(first, "prompt> "), "prompt> ");
  first.reset();
  const UniqueFd second = join();
  EXPECT_EQ(read_until(second, "prompt> "), "prompt> ");
  type(second, "x\r");
  log_at_end();
  EXPECT_EQ(joins_, 1) << "only the first is told";
}

TEST_F(ConsoleTest, AllWhoHaveJoinedSeeTheSame) {
  run("read a; read b; echo \"$a$b\"");
  const UniqueFd first = join();
  const UniqueFd second = join();
  type(first, "1\r");
  type(second, "2\r");
  EXPECT_THAT(read_until(first, "12\r\n"), HasSubstr("12"));
  EXPECT_THAT(read_until(second, "12\r\n"), HasSubstr("12"));
  log_at_end();
}

TEST_F(ConsoleTest, TheInterruptKeyInterrupts) {
  run("trap 'echo interrupted; exit 3' INT; echo ready; while :; do sleep 0.05; done");
  const UniqueFd somebody = join();
  read_until(somebody, "ready");
  type(somebody, "\x03");
  EXPECT_THAT(read_until(somebody, "interrupted"), HasSubstr("interrupted"));
  log_at_end();
  EXPECT_EQ(exit_code_, 3);
}

TEST_F(ConsoleTest, TakesTheSizeOfAWindow) {
  run("read line; stty size");
  const UniqueFd somebody = join();
  EXPECT_TRUE(write_all(somebody.get(), window_frame({33, 77})));
  type(somebody, "\r");
  EXPECT_THAT(read_until(somebody, "33 77"), HasSubstr("33 77"));
  log_at_end();
}

TEST_F(ConsoleTest, OneWhoNeverReadsStopsNobody) {
  run("i=0; while [ $i -lt 300 ]; do head -c 20000 /dev/zero | tr '\\0' x; i=$((i+1)); done; echo; echo done");
  const UniqueFd somebody = join();
  const std::string log = [&] {
    std::string text;
    std::thread reader([&] {
      char buffer[65536];
      ssize_t got = 0;
      while ((got = ::read(log_.get(), buffer, sizeof buffer)) > 0) text.append(buffer, static_cast<std::size_t>(got));
    });
    int status = 0;
    ::waitpid(pid_, &status, 0);
    server_->stop();
    reader.join();
    return text;
  }();
  EXPECT_TRUE(log.ends_with("x\ndone\n"));
  EXPECT_EQ(log.size(), 300u * 20000u + 6);
}

TEST_F(ConsoleTest, TheSocketIsGoneWithTheProgram) {
  run("exit 0");
  log_at_end();
  EXPECT_FALSE(connect_in(folder_ / "debug"));
}

TEST(Console, FoldersMayHaveLongNames) {
  const test::TemporaryFolder folder;
  const auto deep = folder / (std::string(150, 'a') + "/" + std::string(150, 'b'));
  const auto server = Server::open(deep);
  ASSERT_TRUE(server) << server.error().message;
  EXPECT_TRUE(connect_in(deep));
}

TEST(Console, AFolderThatCannotBeMadeIsAnError) {
  const auto server = Server::open("/proc/no/such");
  ASSERT_FALSE(server);
  EXPECT_EQ(server.error().code, "E386");
}

}  // namespace smflow::console
