#include "vscode_launch.hpp"

#include <algorithm>

#include <smflow/base/files.hpp>
#include <smflow/base/json.hpp>
#include <smflow/contract/contract.hpp>
#include <smflow/contract/debugging.hpp>

namespace smflow::cli {

namespace fs = std::filesystem;

namespace {

Error not_json(const fs::path& file, const std::string& why) {
  return {
      .code = "E384",
      .exit = ExitCode::configuration,
      .message = "'" + file.string() + "' is not JSON: " + why,
      .fix =
          "mend it (JSON has no comma before a closing bracket), or move it away: the entries are then written to a "
          "new one"};
}

struct LaunchFile {
  OrderedJson json;
  fs::path kept_as = {};  // the file as it was, where its comments would be lost
};

Result<LaunchFile> read_launch_file(const fs::path& file) {
  std::error_code failed;
  if (!fs::exists(file, failed)) {
    return LaunchFile{.json = {{"version", "0.2.0"}, {"configurations", OrderedJson::array()}}};
  }
  const auto text = read_file(file, 4u << 20);
  if (!text) return tl::unexpected(text.error());
  OrderedJson json = OrderedJson::parse(*text, nullptr, false);
  const bool with_comments = json.is_discarded();
  // Visual Studio Code's own file begins with comments.
  if (with_comments) json = OrderedJson::parse(*text, nullptr, false, true);
  if (json.is_discarded() || !json.is_object()) return tl::unexpected(not_json(file, "it does not parse"));
  if (!json.contains("configurations")) json["configurations"] = OrderedJson::array();
  if (!json["configurations"].is_array()) return tl::unexpected(not_json(file, "'configurations' is no list"));
  LaunchFile launch{.json = std::move(json)};
  if (!with_comments) return launch;
  launch.kept_as = file.string() + ".old";
  return write_file(launch.kept_as, *text).map([&] { return std::move(launch); });
}

// The C/C++ extension runs its gdb through smflow, inside the host.
OrderedJson gdb_entry(const VscodeTarget& target) {
  return {
      {"name", "smflow: gdb in " + target.host},
      {"type", "cppdbg"},
      {"request", "attach"},
      {"program", target.program.executable},
      {"processId", target.program.process},
      {"MIMode", "gdb"},
      {"sourceFileMap", {{contract::debugging::image_sources, "${workspaceFolder}"}}},
      {"setupCommands", {{{"text", "set breakpoint pending on"}}, {{"text", "handle SIGSTOP nostop noprint nopass"}}}},
      {"pipeTransport",
       {{"pipeProgram", (program_directory() / "smflow").string()},
        {"pipeArgs", {"attach", target.job, "--host", target.host, "--exec", "/bin/sh", "-c"}},
        {"debuggerPath", "gdb"},
        {"pipeCwd", "${workspaceFolder}"}}}};
}

// Of the program in an image Dockerfile.sagemaker copies this folder.
std::string local_code(const fs::path& workspace, const VscodeTarget& target) {
  if (!target.code.empty()) return target.code.string();
  constexpr const char* folder = "sagemaker_container";
  std::error_code ignored;
  return fs::is_directory(workspace / folder, ignored) ? std::string("${workspaceFolder}/") + folder
                                                       : "${workspaceFolder}";
}

OrderedJson debugpy_entry(const fs::path& workspace, const VscodeTarget& target) {
  return {{"name", "smflow: debugpy in " + target.host},
          {"type", "debugpy"},
          {"request", "attach"},
          {"connect", {{"host", target.debugpy.address}, {"port", target.debugpy.port}}},
          {"pathMappings",
           {{{"localRoot", local_code(workspace, target)}, {"remoteRoot", contract::Paths{}.code().string()}}}},
          {"justMyCode", false}};
}

void put(OrderedJson& configurations, const OrderedJson& entry) {
  const auto same = std::find_if(configurations.begin(), configurations.end(), [&](const OrderedJson& other) {
    return other.is_object() && other.value("name", OrderedJson()) == entry["name"];
  });
  if (same == configurations.end()) {
    configurations.push_back(entry);
  } else {
    *same = entry;
  }
}

}  // namespace

Result<LaunchEntries> write_launch_entries(const fs::path& workspace, const VscodeTarget& target) {
  const fs::path file = workspace / ".vscode/launch.json";
  auto launch = read_launch_file(file);
  if (!launch) return tl::unexpected(std::move(launch).error());
  std::vector<OrderedJson> entries;
  if (target.program.has_debugpy) entries.push_back(debugpy_entry(workspace, target));
  if (target.program.has_gdb) entries.push_back(gdb_entry(target));
  LaunchEntries result{.names = {}, .kept_as = launch->kept_as};
  for (const OrderedJson& entry : entries) {
    put(launch->json["configurations"], entry);
    result.names.push_back(entry["name"].get<std::string>());
  }
  if (auto written = write_file(file, launch->json.dump(2) + "\n"); !written) return tl::unexpected(written.error());
  return result;
}

}  // namespace smflow::cli
