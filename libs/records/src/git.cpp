#include "git.hpp"

#include <smflow/base/process.hpp>

namespace smflow::records {

namespace fs = std::filesystem;

std::optional<std::string> Git::operator()(const std::vector<std::string>& arguments) const {
  constexpr ProcessLimits limits{.time = std::chrono::seconds(20), .bytes = 10u << 20};
  std::vector<std::string> command = {"env"};
  command.insert(command.end(), environment_.begin(), environment_.end());
  command.insert(command.end(), {"git", "-C", folder_.string()});
  command.insert(command.end(), arguments.begin(), arguments.end());
  auto output = run_process(command, limits);
  if (!output || output->exit_code != 0) return std::nullopt;
  return std::move(output->out);
}

PrivateGit::PrivateGit(const Git& repository) : Git(repository) {
  auto made = TemporaryDirectory::create(fs::temp_directory_path(), "smflow-source-");
  if (!made) return;
  scratch_.emplace(*std::move(made));
  std::error_code failed;
  fs::create_directory(scratch_->path() / "objects", failed);
  const std::string objects = first_line((*this)({"rev-parse", "--git-path", "objects"}));
  environment_.insert(environment_.end(), {"GIT_INDEX_FILE=" + index().string(),
                                           "GIT_OBJECT_DIRECTORY=" + (scratch_->path() / "objects").string(),
                                           "GIT_ALTERNATE_OBJECT_DIRECTORIES=" + (folder() / objects).string()});
}

std::optional<fs::path> PrivateGit::file(const std::string& name, const std::string& content) const {
  const fs::path path = scratch_->path() / name;
  if (!write_file(path, content)) return std::nullopt;
  return path;
}

std::string first_line(const std::optional<std::string>& text) {
  return text ? text->substr(0, text->find('\n')) : std::string();
}

}  // namespace smflow::records
