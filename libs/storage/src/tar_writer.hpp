#pragma once

#include "parallel_gzip.hpp"
#include "utf8_locale.hpp"

#include <memory>
#include <string>

#include <sys/stat.h>

#include <smflow/base/error.hpp>

struct archive;

namespace smflow::storage {

// Members of a tar stream, compressed into `gzip`. Owner 0:0, times in whole seconds, permission bits without set-id.
// To be used and destroyed on one thread.
class TarWriter {
 public:
  explicit TarWriter(ParallelGzip& gzip);
  ~TarWriter();
  TarWriter(const TarWriter&) = delete;
  TarWriter& operator=(const TarWriter&) = delete;

  Result<void> add_folder(const std::string& path, const struct stat& status);
  Result<void> add_link(const std::string& path, const std::string& target, const struct stat& status);
  // The open file `fd`; error E162 when it has not exactly the size and time of `status` at the end. `shown` names it.
  Result<void> add_file(const std::string& path, int fd, const struct stat& status, const std::string& shown);
  Result<void> finish();

 private:
  struct Release {
    void operator()(struct archive* writer) const;
  };
  Result<void> header(const std::string& path, const struct stat& status, const std::string& link_target);
  Result<void> failure(const std::string& what);
  static ssize_t forward(struct archive* writer, void* self, const void* bytes, std::size_t size);

  Utf8Locale locale_;
  ParallelGzip& gzip_;
  Result<void> sink_status_;
  bool given_up_ = false;
  std::unique_ptr<struct archive, Release> writer_;
};

}  // namespace smflow::storage
