#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <smflow/base/error.hpp>
#include <smflow/base/unique_fd.hpp>

namespace smflow::storage {

// Which paths below a folder go into a tar.
struct TarSelection {
  std::function<bool(std::string_view path)> wants;   // a folder also when something below it is wanted
  std::function<bool(std::string_view path)> enters;  // a folder that may hold something wanted
  bool keep_times = false;                            // of the last change of each file, in whole seconds
};

// The uncompressed tar of a folder, made while it is read and readable from any offset; what is kept in memory is one
// record a member. Equal content gives equal bytes on every machine: members are sorted, belong to 0:0, have time 0
// unless times are kept, and mode 0755 or, as files that nobody may execute, 0644. Symbolic links stay links and are
// never followed, wherever they point. Sockets, FIFOs and devices are left out. For one reader at a time.
//
// Errors: E162 a file that is not as it was listed, E163 nested too deep, E164 a name that a tar cannot hold.
class TarStream {
 public:
  static Result<TarStream> plan(const std::filesystem::path& folder, const TarSelection& selection);

  std::uint64_t size() const { return size_; }
  // Fills `out`, which lies inside of the tar.
  Result<void> read(std::uint64_t offset, std::span<std::byte> out) const;

  std::vector<std::string> paths() const;
  const std::vector<std::string>& left_out() const { return left_out_; }

 private:
  enum class Kind { folder, file, link };
  struct Member {
    std::string path;
    Kind kind = Kind::file;
    bool executable = false;
    std::uint64_t size = 0;         // of the content
    std::int64_t time = 0;          // of the file when it was listed, in nanoseconds
    std::int64_t shown_time = 0;    // in the tar, in seconds
    std::string target = {};        // of a link
    std::uint64_t offset = 0;       // in the tar
    std::uint64_t header_size = 0;  // in the tar
  };
  class Lister;

  Result<void> place_members();
  static Result<std::string> header_of(const Member& member);
  Result<void> read_member(const Member& member, std::uint64_t at, std::span<std::byte> out) const;
  Result<void> read_content(const Member& member, std::uint64_t at, std::span<std::byte> out) const;
  Result<void> open_member(const Member& member) const;
  Error changed(const Member& member) const;

  std::filesystem::path folder_;
  UniqueFd root_;
  std::vector<Member> members_;
  std::vector<std::string> left_out_;
  std::uint64_t size_ = 0;

  mutable UniqueFd open_;  // the file that was read last
  mutable const Member* opened_ = nullptr;
};

}  // namespace smflow::storage
