#pragma once

#include <cstdint>
#include <string>

#include <smflow/base/error.hpp>
#include <smflow/base/unique_fd.hpp>

namespace smflow::storage {

// A new file in an open folder that appears under its name only when `commit` succeeded; the destructor leaves nothing
// behind. (AtomicFile does the same by path; here the folder has been checked already and is held open.)
class PendingObject {
 public:
  // `shown` names the object in errors.
  static Result<PendingObject> create(UniqueFd folder, std::string name, std::string shown);
  ~PendingObject();
  PendingObject(PendingObject&&) noexcept = default;
  PendingObject& operator=(PendingObject&&) = delete;

  Result<void> write(std::string_view bytes);
  // Copies the rest of the open file `source`.
  Result<void> copy_from(int source);
  // Gives the file the modification time of `source` (nanoseconds since 1970).
  Result<void> set_modified(std::int64_t nanoseconds);
  // Error E142 when `only_new` and the name is taken.
  Result<void> commit(bool only_new);

 private:
  PendingObject() = default;
  Error failure(int errno_value) const;

  UniqueFd folder_;
  UniqueFd fd_;
  std::string name_;
  std::string temporary_;
  std::string shown_;
};

}  // namespace smflow::storage
