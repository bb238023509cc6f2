#include "debugger.hpp"

#include "support/temporary_folder.hpp"

#include <csignal>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <smflow/base/process.hpp>
#include <smflow/base/text.hpp>

namespace smflow::cli {

namespace {

using std::chrono::minutes;
using testing::HasSubstr;

// A process of this machine as the entrypoint of a host.
class HostHere : public engine::HostAccess {
 public:
  explicit HostHere(pid_t entrypoint) : entrypoint_(entrypoint) {}

  pid_t entrypoint() const override { return entrypoint_; }
  engine::Endpoint endpoint(int) const override { return {}; }
  Result<int> run(const std::vector<std::string>&) const override { return 0; }
  Result<std::string> ask(const std::vector<std::string>& command) const override {
    return run_process(command, {.time = minutes(1)}).map([](const ProcessOutput& ran) { return ran.out; });
  }

 private:
  pid_t entrypoint_;
};

// A shell that runs `script` and outlives it, as the entrypoint outlives its program.
class Entrypoint {
 public:
  explicit Entrypoint(const std::string& script) : pid_(::fork()) {
    if (pid_ != 0) return;
    ::setpgid(0, 0);
    ::execl("/bin/sh", "sh", "-c", ("sh " + script + "; :").c_str(), nullptr);
    ::_exit(127);
  }
  ~Entrypoint() {
    ::kill(-pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  Entrypoint(const Entrypoint&) = delete;
  Entrypoint& operator=(const Entrypoint&) = delete;
  pid_t pid() const { return pid_; }

 private:
  pid_t pid_;
};

ProgramInside program_of(const Entrypoint& entrypoint, std::string_view executable) {
  ProgramInside seen;
  for (int tries = 0; tries < 1000 && !seen.executable.ends_with(executable); ++tries) {
    if (auto inside = look_inside(HostHere(entrypoint.pid()), "algo-1")) seen = *std::move(inside);
    ::usleep(10'000);
  }
  return seen;
}

}  // namespace

TEST(LookInside, FindsTheProgramThatAShellScriptRuns) {
  const test::TemporaryFolder folder;
  const Entrypoint entrypoint(folder.write("train.sh", "sleep 600\n:\n").string());
  const ProgramInside program = program_of(entrypoint, "/sleep");
  EXPECT_THAT(program.executable, testing::EndsWith("/sleep"));
  EXPECT_TRUE(program.is_native());
  EXPECT_FALSE(program.waits);
  EXPECT_FALSE(program.has_debugpy);
}

TEST(LookInside, FindsTheScriptItselfWhileItRunsNothing) {
  const test::TemporaryFolder folder;
  const Entrypoint entrypoint(folder.write("train.sh", "kill -STOP $$\n").string());
  ProgramInside program;
  for (int tries = 0; tries < 1000 && !program.waits; ++tries) {
    if (auto inside = look_inside(HostHere(entrypoint.pid()), "algo-1")) program = *std::move(inside);
    ::usleep(10'000);
  }
  EXPECT_TRUE(program.waits);
  EXPECT_FALSE(program.is_native()) << program.executable;
}

TEST(GdbFromHere, ShowsTheLinesOfAProgramThatWasCompiledElsewhere) {
  const test::TemporaryFolder folder;
  const std::filesystem::path source =
      folder.write("it's mine/trainer.cpp", "int main() {\n  return 42;  // the answer\n}\n");
  const std::filesystem::path program = folder / "main";
  const auto compiled = run_process({"g++", "-g", "-ffile-prefix-map=" + source.parent_path().string() + "=/smflow",
                                     source.string(), "-o", program.string()},
                                    {.time = minutes(2)});
  ASSERT_TRUE(compiled) << compiled.error().message;
  std::vector<std::string> gdb =
      gdb_on_core(program, folder / "core", {{.compiled = "/smflow", .here = source.parent_path().string()}});
  gdb.pop_back();
  gdb.insert(gdb.end(), {"-nx", "-batch", "-ex", "list main"});
  const auto shown = run_process(gdb, {.time = minutes(1)});
  ASSERT_TRUE(shown) << shown.error().message;
  EXPECT_THAT(shown->out, HasSubstr("return 42;  // the answer"));
}

TEST(GdbFromHere, IsToldOfFoldersBeforeItLoadsTheProgram) {
  const std::vector<std::string> gdb =
      gdb_from_here(ProgramInside{}, "smflow attach", {{.compiled = "/smflow", .here = "/home/me/my code"}});
  EXPECT_THAT(
      gdb, testing::IsSupersetOf({"set substitute-path /smflow /home/me/my\\ code", "target remote | smflow attach"}));
}

}  // namespace smflow::cli
