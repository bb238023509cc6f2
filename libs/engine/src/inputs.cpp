#include "inputs.hpp"

#include <algorithm>
#include <set>

#include <unistd.h>

#include <smflow/base/files.hpp>
#include <smflow/storage/store.hpp>

namespace smflow::engine {

namespace fs = std::filesystem;

namespace {

// Addresses of one /24 network, without the bridge's and the broadcast address.
constexpr int most_hosts = 253;

Error wrong(const char* code, std::string message, std::string fix = {}) {
  return {.code = code, .exit = ExitCode::configuration, .message = std::move(message), .fix = std::move(fix)};
}

bool is_channel_name(const std::string& name) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '-';
  };
  return !name.empty() && name.size() <= 64 && name != "." && name != ".." &&
         std::all_of(name.begin(), name.end(), allowed);
}

Result<void> check_checkpoint(const plan::Checkpoint& checkpoint) {
  const fs::path path = fs::path(checkpoint.local_path).lexically_normal();
  const fs::path below = path.lexically_relative("/opt/ml");
  const std::string first = below.empty() ? ".." : below.begin()->string();
  const bool taken = first == ".." || first == "." || first == "input" || first == "code" || first == "model";
  if (!taken && path != "/opt/ml/output") return {};
  return tl::unexpected(wrong("E105",
                              "the local engine cannot keep checkpoints in '" + checkpoint.local_path +
                                  "': it has to be a folder below /opt/ml of its own",
                              "use /opt/ml/checkpoints"));
}

}  // namespace

Result<Input> find_input(const plan::Channel& channel) {
  const std::string what = "channel '" + channel.name + "'";
  auto source = storage::file_uri_path(channel.uri);
  if (!source) return tl::unexpected(std::move(source).error());
  std::error_code failed;
  const fs::file_status status = fs::status(*source, failed);
  const bool usable = fs::is_directory(status) || fs::is_regular_file(status);
  if (!usable || ::access(source->c_str(), R_OK) != 0) {
    const std::string why = failed ? system_error_text(failed.value())
                                   : (usable ? system_error_text(EACCES) : "neither a folder nor a regular file");
    return tl::unexpected(wrong("E101", what + " cannot be read from '" + source->string() + "': " + why));
  }
  // A trailing slash would leave no file name.
  const fs::path clean = source->has_filename() ? *source : source->parent_path();
  return Input{channel.name, clean, fs::is_regular_file(status), {}};
}

Result<void> check_code_folder(const plan::LocalOptions& local) {
  if (fs::is_directory(local.code)) return {};
  return tl::unexpected(wrong("E103", "the code folder '" + local.code.string() + "' is not a folder",
                              "set LOCAL.CODE to the folder that holds the training program"));
}

Result<void> check_plan(const plan::JobPlan& plan) {
  if (!is_safe_relative_path(plan.job_name) || plan.job_name.find('/') != std::string::npos) {
    return tl::unexpected(wrong("E104", "'" + plan.job_name + "' cannot be the name of a job"));
  }
  if (plan.instance_count < 1 || plan.instance_count > most_hosts) {
    return tl::unexpected(wrong("E104", "a local job has 1 to " + std::to_string(most_hosts) + " hosts, not " +
                                            std::to_string(plan.instance_count)));
  }
  std::set<std::string> names;
  for (const plan::Channel& channel : plan.channels) {
    if (is_channel_name(channel.name) && names.insert(channel.name).second) continue;
    return tl::unexpected(wrong("E104", "'" + channel.name + "' cannot be the name of a channel, or is used twice"));
  }
  if (plan.local.code_is_given) {
    if (auto checked = check_code_folder(plan.local); !checked) return checked;
  }
  return plan.checkpoint ? check_checkpoint(*plan.checkpoint) : Result<void>{};
}

}  // namespace smflow::engine
