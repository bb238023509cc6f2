#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include <smflow/base/error.hpp>

// Archives as SageMaker leaves them: tar compressed with gzip, the content of a folder at the archive's root.
namespace smflow::storage {

struct ArchiveSource {
  std::string label;             // for messages: the host, "algo-1"
  std::filesystem::path folder;  // missing is like empty
  // Where the writer of the folder saw it, "/opt/ml/model": absolute links below it become relative ones. Empty: every
  // absolute link leaves.
  std::filesystem::path seen_as = {};
};

struct ArchiveReport {
  std::uint64_t entries = 0;          // members written or extracted, folders among them
  std::uint64_t bytes = 0;            // of the files' content
  std::vector<std::string> left_out;  // sockets, FIFOs and devices: the path and, when writing, "(label)"
};

// Writes the contents of the folders, merged, as the tar.gz file `out`, whole or not at all; replaces an existing file.
// Equal folders give equal bytes, whatever `threads` is. Members are sorted, belong to 0:0 and have no owner's name.
// Sockets, FIFOs and devices are left out and reported. `threads` compress (0: one per core, at most 8); memory stays
// below about 10 MB.
//
// Errors: E160 two sources hold the same path (folders may merge), E161 a symbolic link that leaves its source, E162 a
// file that changes while it is read, E163 folders nested too deep.
Result<ArchiveReport> write_archive(const std::vector<ArchiveSource>& sources, const std::filesystem::path& out,
                                    int threads = 0);

// What an archive from outside may be at most.
struct ArchiveLimits {
  std::uint64_t bytes = 256ull << 30;  // of all files together, holes counted
  std::uint64_t entries = 1'000'000;
  // Of a container of our own, which may leave what it likes: links are kept wherever they point, and devices, FIFOs
  // and sockets are left out and reported. Still nothing is written outside of `folder`.
  bool as_left = false;
  std::stop_token stop = {};  // E904
};

// Extracts a tar or tar.gz archive, which is hostile until checked, into the new folder `folder`: nothing is left
// behind on an error. Files belong to the caller; set-id bits are dropped, the owner may always read and write.
//
// Errors: E142 `folder` exists and is not empty, E165 not an archive, damaged or cut off (the checksum is verified),
// E166 a member's path is absolute, has "..", or is too long, E167 a link that leaves, a device or another special
// file, E168 more than `limits`, E169 two members of one path (a folder may be listed twice).
Result<ArchiveReport> extract_archive(const std::filesystem::path& archive, const std::filesystem::path& folder,
                                      const ArchiveLimits& limits = {});

// The same for the members for which `select` is true only. A hard link needs its target to be selected too. The whole
// archive is checked.
using MemberSelector = std::function<bool(std::string_view path)>;
Result<ArchiveReport> read_archive(const std::filesystem::path& archive, const MemberSelector& select,
                                   const std::filesystem::path& folder, const ArchiveLimits& limits = {});

}  // namespace smflow::storage
