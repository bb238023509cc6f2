#pragma once

#include "gzip_reader.hpp"
#include "utf8_locale.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

#include <sys/types.h>

#include <smflow/base/error.hpp>

struct archive;

namespace smflow::storage {

enum class MemberKind { file, folder, link, hard_link, special };

struct TarMember {
  std::string path;  // as the archive has it
  MemberKind kind = MemberKind::special;
  std::string target;  // of a link, as the archive has it
  mode_t mode = 0;
  std::uint64_t size = 0;
  std::int64_t modified_seconds = 0;  // since 1970
};

// The members of a tar stream: ustar, pax and GNU. To be used and destroyed on one thread.
class TarReader {
 public:
  // Stops with error E168 when more than `most_bytes` come out of `bytes`, and with E904 when `stop` says so.
  TarReader(GzipReader& bytes, std::string shown, std::uint64_t most_bytes, std::stop_token stop);
  ~TarReader();
  TarReader(const TarReader&) = delete;
  TarReader& operator=(const TarReader&) = delete;

  // False at the end of the archive, when the rest of the stream has been verified too. Error E165 when damaged.
  Result<bool> next(TarMember& member);
  // Writes the content of the current member to the open file `fd`; holes stay holes.
  Result<void> extract(const TarMember& member, int fd);

 private:
  struct Release {
    void operator()(struct archive* reader) const;
  };
  Result<std::string_view> piece();
  Result<void> verify_rest();
  Error failure() const;
  Error too_much() const;
  static ssize_t supply(struct archive* reader, void* self, const void** bytes);

  Utf8Locale locale_;
  GzipReader& bytes_;
  std::string shown_;
  std::uint64_t most_bytes_;
  const std::stop_token stop_;
  Result<void> source_status_;
  bool open_ = false;
  std::unique_ptr<struct archive, Release> reader_;
};

}  // namespace smflow::storage
