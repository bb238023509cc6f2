#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace smflow::test {

// A folder of the running test's own below the system's temporary folder; gone with its content at the end, also of a
// failed test.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path operator/(std::string_view name) const { return path_ / name; }

  // Writes `content` to the file `name` below the folder, making the folders between, and returns its path.
  std::filesystem::path write(std::string_view name, std::string_view content) const;

 private:
  std::filesystem::path path_;
};

// The bytes of a file; fails the running test when it cannot be read.
std::string slurp(const std::filesystem::path& file);

}  // namespace smflow::test
