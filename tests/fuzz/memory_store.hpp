#pragma once

#include <map>

#include <smflow/storage/store.hpp>

namespace smflow::fuzz {

// Objects in memory. Nothing is checked: what is put is there.
class MemoryStore : public storage::Store {
 public:
  std::map<std::string, std::string, std::less<>> files = {};

  std::string uri() const override { return "s3://bucket"; }
  std::string uri(std::string_view key) const override { return "s3://bucket/" + std::string(key); }
  Result<void> put(std::string_view key, std::string_view content, bool) override {
    files[std::string(key)] = content;
    return {};
  }
  Result<void> put_file(std::string_view, const std::filesystem::path&, bool) override { return unable(); }
  Result<std::string> get(std::string_view key, std::uint64_t) override {
    const auto found = files.find(key);
    if (found != files.end()) return found->second;
    return tl::unexpected(Error{.code = "E150", .exit = ExitCode::not_found, .message = "it is not there"});
  }
  Result<void> get_file(std::string_view, const std::filesystem::path&) override { return unable(); }
  Result<std::vector<storage::ObjectInfo>> list(std::string_view prefix) override {
    std::vector<storage::ObjectInfo> found;
    for (const auto& [key, content] : files) {
      const bool below = prefix.empty() || (key.starts_with(prefix) && key.substr(prefix.size()).starts_with('/'));
      if (below) found.push_back({.key = key, .size = content.size()});
    }
    return found;
  }
  Result<bool> exists(std::string_view key) override { return files.contains(key); }
  Result<void> remove(std::string_view key) override {
    files.erase(files.find(key));
    return {};
  }

 private:
  static tl::unexpected<Error> unable() {
    return tl::unexpected(Error{.code = "E901", .message = "there are no files"});
  }
};

}  // namespace smflow::fuzz
