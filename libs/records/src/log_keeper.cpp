#include "log_keeper.hpp"

#include <cerrno>

namespace smflow::records {

namespace fs = std::filesystem;

namespace {

// The host's name comes from a log stream, which anybody with the right may have made.
bool is_host_name(std::string_view host) {
  return host.find('/') == std::string_view::npos && is_safe_relative_path(host);
}

fs::path file_in(const TemporaryDirectory& folder, std::string_view host) {
  return folder.path() / (std::string(host) + ".txt");
}

}  // namespace

std::ofstream* LogKeeper::file_of(std::string_view host) {
  if (const auto known = files_.find(host); known != files_.end()) return &known->second;
  if (!folder_) {
    auto made = TemporaryDirectory::create(fs::temp_directory_path(), "smflow-logs-");
    if (!made) {
      failure_ = std::move(made).error();
      return nullptr;
    }
    folder_.emplace(*std::move(made));
  }
  return &files_.emplace(host, std::ofstream(file_in(*folder_, host), std::ios::binary)).first->second;
}

void LogKeeper::on_log(std::string_view host, std::string_view line, WallTime time) {
  ForwardingObserver::on_log(host, line, time);
  if (failure_ || !is_host_name(host)) return;
  if (std::ofstream* file = file_of(host)) {
    std::vector<Redaction> taken_out;
    *file << secrets_.clean(line, "logs", taken_out) << '\n';
  }
}

Result<void> LogKeeper::put(storage::Store& bucket, std::string_view prefix) {
  if (failure_) return tl::unexpected(*failure_);
  for (auto& [host, file] : files_) {
    file.close();
    if (!file) return tl::unexpected(system_error("the log of " + host + " could not be kept for the record", ENOSPC));
    auto put = bucket.put_file(std::string(prefix) + "/logs/" + host + ".txt", file_in(*folder_, host));
    if (!put && put.error().code != "E142") return put;
  }
  return {};
}

}  // namespace smflow::records
