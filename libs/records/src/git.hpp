#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <smflow/base/files.hpp>

namespace smflow::records {

// git in a folder, by its command.
class Git {
 public:
  explicit Git(std::filesystem::path folder) : folder_(std::move(folder)) {}

  // What it prints; none when it fails, or prints more than 10 MiB.
  std::optional<std::string> operator()(const std::vector<std::string>& arguments) const;
  const std::filesystem::path& folder() const { return folder_; }

 protected:
  std::vector<std::string> environment_ = {"GIT_OPTIONAL_LOCKS=0"};

 private:
  std::filesystem::path folder_;
};

// git at the top of a repository with an index of its own, empty at first, that writes objects to a folder of its own:
// neither the user's index nor the objects of the repository are touched.
class PrivateGit : public Git {
 public:
  explicit PrivateGit(const Git& repository);

  // False when there is no place for the two; nothing else will do then.
  bool has_room() const { return scratch_.has_value(); }
  std::filesystem::path index() const { return scratch_->path() / "index"; }
  // A file with this content, for a command that reads one.
  std::optional<std::filesystem::path> file(const std::string& name, const std::string& content) const;

 private:
  std::optional<TemporaryDirectory> scratch_;
};

std::string first_line(const std::optional<std::string>& text);

}  // namespace smflow::records
