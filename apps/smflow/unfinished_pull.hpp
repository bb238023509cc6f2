#pragma once

#include <filesystem>
#include <map>
#include <string>

#include <smflow/base/error.hpp>
#include <smflow/storage/store.hpp>

namespace smflow::cli {

// What earlier attempts to pull a job into a folder have put there, kept in the folder's ".smflow-pull.json" until a
// pull is finished: so that the next one goes on, and still overwrites nothing.
class UnfinishedPull {
 public:
  static constexpr const char* file_name = ".smflow-pull.json";

  // A file that is missing or that is none of this job says nothing.
  UnfinishedPull(const std::filesystem::path& folder, std::string job);

  // Whether an earlier attempt has put this very object there.
  bool has_put(const storage::ObjectInfo& object) const;
  // To be called before the object appears under its name.
  Result<void> will_put(const storage::ObjectInfo& object);
  void finish();

 private:
  const std::filesystem::path file_;
  const std::string job_;
  std::map<std::string, std::string> put_;  // by key, what the object was
};

}  // namespace smflow::cli
