#include "attach_here.hpp"

#include "debugger.hpp"
#include "local_service.hpp"
#include "project_folder.hpp"
#include "vscode_launch.hpp"

#include <algorithm>
#include <csignal>

#include <unistd.h>

#include <smflow/base/files.hpp>
#include <smflow/base/process.hpp>
#include <smflow/base/text.hpp>
#include <smflow/console/client.hpp>
#include <smflow/container/container_access.hpp>
#include <smflow/contract/debugging.hpp>
#include <smflow/engine/host_access.hpp>

namespace smflow::cli {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void fail(const char* code, ExitCode exit, std::string message, std::string fix) {
  throw CommandFailure(Error{.code = code, .exit = exit, .message = std::move(message), .fix = std::move(fix)});
}

constexpr const char* install_gdb =
    "install gdb in the image (Debian: apt-get install gdb), or on this machine for a job without containers";

// The beginning of the name or of its random tail, as for the names of runs; or its end.
bool is_meant(const std::string& name, const std::string& typed) {
  const std::string tail = name.substr(name.rfind('-') + 1);
  return name.starts_with(typed) || tail.starts_with(typed) || name.ends_with(typed);
}

const engine::RunningHost& host_of(const engine::RunningJob& job, const std::string& name) {
  std::vector<std::string> names;
  for (const engine::RunningHost& host : job.hosts) {
    if (name.empty() || host.name == name) return host;
    names.push_back(host.name);
  }
  fail("E380", ExitCode::usage, "job '" + job.name + "' has no host '" + name + "'", "one of: " + join(names, ", "));
}

std::unique_ptr<engine::HostAccess> access_to(const engine::RunningJob& job, const engine::RunningHost& host) {
  if (auto process = value_or_throw(engine::access_process(host))) return process;
  const auto docker = value_or_throw(find_container_engine());
  return value_or_throw(container::access_container(docker, job.name, host.name));
}

std::vector<SourceFolders> sources_of_images() {
  return {{.compiled = contract::debugging::image_sources, .here = project_folder().string()}};
}

// Does not come back.
[[noreturn]] void become(const std::vector<std::string>& command) {
  const int error = become_program(command);
  fail("E389", ExitCode::machine, "cannot start '" + command.front() + "': " + system_error_text(error),
       "install it (Debian: apt-get install gdb)");
}

class Attachment {
 public:
  Attachment(Session& session, const engine::RunningJob& job, const AttachOptions& options)
      : screen_(session.screen()),
        job_(job),
        host_(host_of(job, options.host)),
        access_(access_to(job, host_)),
        options_(options) {}

  int open() {
    switch (options_.opening) {
      case Opening::shell:
        return ended(
            value_or_throw(access_->run({"/bin/sh", "-c", "command -v bash > /dev/null && exec bash; exec sh"})));
      case Opening::command:
        return value_or_throw(access_->run(options_.command));
      case Opening::console:
        return join_console();
      case Opening::gdb:
        return run_gdb(value_or_throw(look_inside(*access_, host_.name)));
      case Opening::vscode:
        return write_for_vscode();
      case Opening::automatic:
        break;
    }
    const ProgramInside program = value_or_throw(look_inside(*access_, host_.name));
    return program.is_native() ? run_gdb(program) : join_console();
  }

 private:
  std::string where() const { return host_.name + " of " + job_.name; }

  static std::string from_here(const fs::path& file) { return file.lexically_relative(fs::current_path()).string(); }

  static const char* no_gdb_fix(const ProgramInside& program) {
    return program.is_native() ? install_gdb : "for a program in Python start the job with --debugpy";
  }

  // A host that ends takes everything in it along.
  int ended(int exit_code) {
    if (exit_code != 128 + SIGKILL) return exit_code;
    screen_.line("\nthe job has ended");
    return 0;
  }

  int join_console() {
    const auto joined = [&] {
      screen_.line("the console of " + where() + "; Ctrl-] leaves it, Ctrl-C is the program's");
    };
    const console::Left left = value_or_throw(console::join(engine::console_folder(host_), joined));
    const std::string back = "the program goes on; back to it: smflow attach " + job_.name + " --host " + host_.name;
    screen_.line(left == console::Left::before_its_end ? "\n" + back : "the program has ended");
    return 0;
  }

  int run_gdb(const ProgramInside& program) {
    if (!program.has_gdb && !program.has_gdbserver) {
      fail("E389", ExitCode::machine, "there is neither gdb nor gdbserver in " + where(), install_gdb);
    }
    screen_.line("gdb on '" + program.executable + "' in " + where() + "; 'detach' and 'quit' let it go on");
    if (program.has_gdb) return ended(value_or_throw(access_->run_debugger(gdb_in_host(program, {}))));
    const std::string through = shell_quote((program_directory() / "smflow").string()) + " attach " + job_.name +
                                " --host " + host_.name + " --exec gdbserver --once --attach - " + program.process;
    become(gdb_from_here(program, through, sources_of_images()));
  }

  int write_for_vscode() {
    const VscodeTarget target{.job = job_.name,
                              .host = host_.name,
                              .program = value_or_throw(look_inside(*access_, host_.name)),
                              .debugpy = access_->endpoint(contract::debugging::debugpy_port),
                              .code = job_.code};
    if (!target.program.has_gdb) {
      const std::string missing = "Visual Studio Code needs gdb in the host, and there is none in " + where();
      if (!target.program.has_debugpy) fail("E389", ExitCode::machine, missing, no_gdb_fix(target.program));
      screen_.line(missing + ": no entry for it");
    }
    if (!target.program.is_native() && !target.program.has_debugpy) {
      screen_.line("no entry for Python: the program listens to debugpy in a job started with --debugpy only");
    }
    const fs::path workspace = project_folder();
    const LaunchEntries entries = value_or_throw(write_launch_entries(workspace, target));
    for (const std::string& name : entries.names) {
      screen_.line("'" + name + "' is in " + from_here(workspace / ".vscode/launch.json"));
    }
    if (!entries.kept_as.empty()) {
      screen_.line("the comments of the file are lost; it is kept as " + from_here(entries.kept_as));
    }
    screen_.line("it holds for this job; write it anew for the next");
    return 0;
  }

  Screen screen_;
  const engine::RunningJob& job_;
  const engine::RunningHost& host_;
  std::unique_ptr<engine::HostAccess> access_;
  const AttachOptions& options_;
};

}  // namespace

std::optional<engine::RunningJob> find_running_job(const AttachOptions& options) {
  std::vector<engine::RunningJob> meant;
  std::vector<std::string> names;
  for (engine::RunningJob& job : engine::running_jobs(options.work_directory)) {
    if (job.name == options.job) return std::move(job);
    if (!is_meant(job.name, options.job)) continue;
    names.push_back(job.name);
    meant.push_back(std::move(job));
  }
  if (meant.size() == 1) return std::move(meant.front());
  if (meant.size() > 1) {
    fail("E381", ExitCode::usage, counted(meant.size(), "job") + " of this machine could be meant",
         "name one: " + join(names, ", "));
  }
  if (!options.job.empty()) return std::nullopt;
  fail("E380", ExitCode::not_found, "no job runs on this machine",
       "start one in another terminal: smflow run --config FILE --debug");
}

int attach_here(Session& session, const engine::RunningJob& job, const AttachOptions& options) {
  return Attachment(session, job, options).open();
}

int open_core(Session& session, const AttachOptions& options) {
  using namespace contract::debugging;
  const std::vector<engine::KeptCore> cores = engine::kept_cores(options.work_directory);
  const auto found = std::find_if(cores.rbegin(), cores.rend(), [&](const engine::KeptCore& core) {
    return is_meant(core.job, options.job) && (options.host.empty() || core.host == options.host);
  });
  if (found == cores.rend()) {
    const std::string host = options.host.empty() ? "" : "host '" + options.host + "' of ";
    const std::string job = options.job.empty() ? "any job" : "'" + options.job + "'";
    std::string fix =
        "a crash leaves one when the kernel writes cores to files (sysctl kernel.core_pattern=core), and "
        "LOCAL.KEEP_CORE is true";
    if (!cores.empty()) fix += "; the newest is of " + cores.back().job + " --host " + cores.back().host;
    fail("E383", ExitCode::not_found,
         "there is no core of " + host + job + " in '" + options.work_directory.string() + "'", fix);
  }
  Screen screen = session.screen();
  screen.line("the core of " + found->host + " of " + found->job + "; 'bt' shows where it crashed");
  std::error_code failed;
  if (const fs::path backtrace = found->folder / backtrace_file; fs::file_size(backtrace, failed) > 0 && !failed) {
    screen.line("its backtrace, with the libraries of the place where it crashed: " + backtrace.string());
  }
  become(gdb_on_core(found->folder / program_file, found->folder / core_file, sources_of_images()));
}

}  // namespace smflow::cli
