#include <algorithm>
#include <cstdlib>
#include <functional>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <smflow/base/files.hpp>
#include <smflow/base/redact.hpp>
#include <smflow/base/text.hpp>
#include <smflow/contract/debugging.hpp>
#include <smflow/runtime/capture.hpp>
#include <smflow/runtime/debugging.hpp>
#include <smflow/runtime/entry_point.hpp>
#include <smflow/runtime/entrypoint.hpp>
#include <smflow/runtime/environment.hpp>
#include <smflow/runtime/failure.hpp>
#include <smflow/runtime/given_credentials.hpp>
#include <smflow/runtime/log.hpp>
#include <smflow/runtime/name_resolution.hpp>
#include <smflow/runtime/post_mortem.hpp>
#include <smflow/runtime/program_variables.hpp>
#include <smflow/runtime/secrets.hpp>
#include <smflow/runtime/supervisor.hpp>

namespace smflow::runtime {

namespace fs = std::filesystem;

namespace {

bool shared_memory_is_full() {
  struct statvfs status {};
  return statvfs("/dev/shm", &status) == 0 && status.f_blocks > 0 && status.f_bavail < status.f_blocks / 100 + 1;
}

bool cores_are_on() {
  rlimit limit{};
  return getrlimit(RLIMIT_CORE, &limit) == 0 && limit.rlim_cur != 0;
}

std::string one_line(const Error& error) {
  return error.code + ": " + error.message + (error.fix.empty() ? "" : "; fix: " + error.fix);
}

std::string error_text(const Error& error) {
  return error.message + (error.fix.empty() ? "" : "\nfix: " + error.fix) + "\n(" + error.code + ")";
}

// One training job, from the files of the contract to the exit code.
class Training {
 public:
  explicit Training(const contract::Paths& paths) : paths_(paths), log_(STDERR_FILENO, clock_) {}

  int run() {
    make_output_folders();
    Variables given = own_variables();
    if (auto taken = take_credentials(given); !taken) return fail(taken.error(), redact_only);
    auto environment = read_environment(paths_, std::move(given));
    if (!environment) return fail(environment.error(), redact_only);
    environment->devices = detect_devices(environment->resources.current_instance_type);
    const Secrets secrets(*environment);
    const auto hide = [&](std::string_view text) { return secrets.hide(text); };
    const Result<int> code = run_program(*environment, hide);
    return code ? *code : fail(code.error(), hide);
  }

 private:
  using Hide = std::function<std::string(std::string_view)>;

  static std::string redact_only(std::string_view text) { return redact(text); }

  // Programs expect the folders that their variables name. The platform makes them; failing here is no failure yet.
  void make_output_folders() const {
    for (const fs::path& folder : {paths_.model(), paths_.output_data(), paths_.code()}) {
      std::error_code ignored;
      fs::create_directories(folder, ignored);
    }
  }

  Result<int> run_program(const Environment& environment, const Hide& hide) {
    const auto program = find_entry_point(environment);
    if (!program) return tl::unexpected(program.error());
    auto command = command_of(*program, paths_.code());
    if (!command) return tl::unexpected(command.error());
    if (auto ready = wait_for_peers(environment); !ready) return tl::unexpected(ready.error());
    ProgramVariables variables = program_variables(environment, *program);
    tell(environment, *program, *command, variables, hide);
    const Debugging debugging = debugging_of(environment.given, environment.resources.current_host);
    Launch launch{.command = debugged_command(*program, *command, debugging),
                  .folder = paths_.code(),
                  .variables = std::move(variables.all),
                  .want_core = !debugging.core_folder.empty() || !find_program("gdb").empty()};
    if (auto installed = install_requirements(*program, launch, hide); !installed)
      return installed;
    else if (*installed != 0)
      return installed;

    // Nobody is at this one's breakpoints.
    if (debugging.elsewhere) launch.variables.emplace("PYTHONBREAKPOINT", "0");
    if (debugging.wanted) {
      launch.console = debugging.folder;
      launch.hold = !debugging.debugpy || program->kind != ProgramKind::python;
      launch.variables.emplace("TERM", "xterm-256color");
      launch.ready = [this, notice = debugging_notice(environment, *program, debugging)] { log_.info(notice); };
    }
    const MemoryEvents before = read_memory_events();
    const auto end = supervise(launch, signals_);
    if (!end) return tl::unexpected(end.error());
    if (end->exit_code == 0) return succeed();
    return report(*program, *end, look_around(*program, *end, before, debugging), hide);
  }

  Result<void> wait_for_peers(const Environment& environment) {
    const auto local = environment.given.find("SM_STUDIO_LOCAL_MODE");
    if (environment.resources.hosts.size() < 2) return {};
    if (local != environment.given.end() && to_upper(local->second) == "TRUE") return {};
    return wait_for_hosts(environment.resources.hosts, signals_);
  }

  void tell(const Environment& environment, const EntryPoint& program, const std::vector<std::string>& command,
            const ProgramVariables& variables, const Hide& hide) const {
    const contract::ResourceConfig& resources = environment.resources;
    log_.info("host " + printable(resources.current_host) + " of " + counted(resources.hosts.size(), "host") + ", " +
              counted(static_cast<std::size_t>(environment.devices.cpus), "CPU") + ", " +
              counted(static_cast<std::size_t>(environment.devices.gpus), "GPU") + ", " +
              counted(environment.channels.size(), "channel"));
    for (const std::string& name : variables.left_out) {
      log_.warning("variable " + printable(name) + " is left out: its name or its size is not allowed for a process");
    }
    for (const auto& [name, value] : environment.hyperparameters.framework) {
      const bool launcher = name.size() > 8 && name.substr(name.size() - 8) == "_enabled";
      if (launcher && value.as_bool() != nullptr && *value.as_bool()) {
        log_.warning("'" + printable(name) +
                     "' is set, but no launcher is started: the program runs once on each host");
      }
    }
    if (program.kind == ProgramKind::python && fs::exists(fs::status(paths_.code() / "setup.py"))) {
      log_.info("setup.py is not installed; '" + program.name + "' runs as a program");
    }
    log_.info("running " + hide(printable_command(command)));
  }

  // 0 when there is nothing to install or it is installed.
  Result<int> install_requirements(const EntryPoint& program, const Launch& launch, const Hide& hide) {
    Launch pip{requirements_command(program, paths_.code()), launch.folder, launch.variables};
    if (pip.command.empty()) return 0;
    log_.info("installing requirements.txt");
    const auto end = supervise(pip, signals_);
    if (!end) return tl::unexpected(end.error());
    if (end->exit_code == 0) return 0;
    return report({"pip install -r requirements.txt", program.kind, {}}, *end, {}, hide);
  }

  Surroundings look_around(const EntryPoint& program, const ProgramEnd& end, const MemoryEvents& before,
                           const Debugging& debugging) const {
    Surroundings around;
    around.memory = read_memory_events();
    around.out_of_memory = around.memory.oom_kills.value_or(0) > before.oom_kills.value_or(0);
    around.shared_memory_full = shared_memory_is_full();
    const std::string file = executable_of(program);
    if (const fs::path core = find_core(end, paths_.code()); !core.empty()) {
      std::error_code unknown;
      const auto written = fs::last_write_time(core, unknown);
      if (!unknown) around.core_written = written;
      around.frames = frames_of_core(file, core, debugging.core_folder);
    }
    if (around.frames.empty() && program.kind == ProgramKind::native) around.frames = source_frames(end.tail, file);
    return around;
  }

  std::string executable_of(const EntryPoint& program) const {
    if (program.kind == ProgramKind::python) return find_program("python3");
    return program.kind == ProgramKind::shell ? "/bin/sh" : (paths_.code() / program.name).string();
  }

  std::vector<std::string> frames_of_core(const std::string& file, const fs::path& core, const fs::path& folder) const {
    const std::string backtrace = backtrace_of_core(file, core);
    if (!backtrace.empty()) log_.error("backtrace of the core:\n" + printable(backtrace));
    // Where cores are off, this one was made for the backtrace only; it may be as large as the memory.
    std::error_code ignored;
    if (!folder.empty()) {
      keep_core(folder, core, file, backtrace);
    } else if (!cores_are_on()) {
      fs::remove(core, ignored);
    }
    return user_frames(backtrace);
  }

  void keep_core(const fs::path& folder, const fs::path& core, const fs::path& program,
                 const std::string& backtrace) const {
    using namespace contract::debugging;
    std::error_code failed;
    fs::create_directories(folder, failed);
    const auto kept = move_core(core, folder / core_file);
    if (!kept) return log_.warning(kept.error().message);
    // Outside of the container another user opens it; the folder says who may.
    fs::permissions(folder / core_file, fs::perms(0644), failed);
    fs::copy_file(program, folder / program_file, fs::copy_options::overwrite_existing, failed);
    if (failed) log_.warning("cannot keep '" + program.string() + "' beside its core: " + failed.message());
    static_cast<void>(write_file(folder / backtrace_file, backtrace));
  }

  int succeed() const {
    const UniqueFd marker(::open(paths_.success_file().c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0644));
    log_.info("the program ended with success");
    return 0;
  }

  int report(const EntryPoint& program, const ProgramEnd& end, const Surroundings& around, const Hide& hide) const {
    leave_failure(hide(failure_text(program.name, end, around)), around.core_written.value_or(end.ended));
    log_.error("'" + program.name + "' failed: exit code " + std::to_string(end.exit_code));
    return end.exit_code;
  }

  int fail(const Error& error, const Hide& hide) const {
    log_.error(hide(one_line(error)));
    leave_failure(hide(error_text(error)));
    return std::max(1, static_cast<int>(error.exit));
  }

  void leave_failure(const std::string& text, fs::file_time_type failed = fs::file_time_type::clock::now()) const {
    const auto written = write_failure(paths_, contract::failure_reason(text), failed);
    if (!written) log_.error(written.error().message);
  }

  contract::Paths paths_;
  SystemClock clock_;
  Log log_;
  SignalInbox signals_;
};

}  // namespace

contract::Paths paths_from_environment() {
  const char* base = std::getenv("SAGEMAKER_BASE_DIR");
  return base == nullptr || *base == '\0' ? contract::Paths() : contract::Paths{fs::absolute(base)};
}

int run_training(const contract::Paths& paths) {
  return Training(paths).run();
}

}  // namespace smflow::runtime
