#pragma once

#include <functional>
#include <memory>

#include <smflow/s3/location.hpp>
#include <smflow/s3/transfer.hpp>
#include <smflow/storage/store.hpp>

namespace smflow::s3 {

// How far a file to or from an object has come.
struct ObjectProgress {
  std::string uri;
  bool upload = false;
  std::uint64_t done = 0;  // bytes; goes back when a transfer begins anew
  std::uint64_t total = 0;
};

struct StoreOptions {
  int connections = 16;  // requests at a time, over all transfers of the store; at most 1024
  std::uint64_t least_part = s3::least_part;
  std::stop_token stop = {};
  std::function<void(const ObjectProgress&)> progress = {};  // of files; called from several threads
};

// The objects of a bucket, or those below a prefix of it, as a store. Keys are checked before anything is asked. Errors
// as in Store's contract, E440 to E443 of the transfers, and those of aws::as_error. A file that was downloaded has the
// time of its object, so that syncing it back finds nothing new.
class S3Store : public storage::Store {
 public:
  S3Store(std::shared_ptr<aws::Client> client, Location place, StoreOptions options = {});

  std::string uri() const override;
  std::string uri(std::string_view key) const override;
  std::chrono::milliseconds clock_behind() const override { return client_->clock_offset(); }
  int transfers_at_once() const override { return options_.connections; }

  Result<void> put(std::string_view key, std::string_view content, bool only_new) override;
  Result<void> put_file(std::string_view key, const std::filesystem::path& file, bool only_new) override;
  Result<std::string> get(std::string_view key, std::uint64_t limit) override;
  Result<std::string> get_range(std::string_view key, std::uint64_t first, std::uint64_t length) override;
  Result<void> get_file(std::string_view key, const std::filesystem::path& file) override;
  Result<void> get_listed(const storage::ObjectInfo& object, const std::filesystem::path& file) override;
  // Also of keys that no store may hold, as other programs have written them; those cannot be read.
  Result<std::vector<storage::ObjectInfo>> list(std::string_view prefix) override;
  Result<bool> exists(std::string_view key) override;
  Result<std::optional<storage::ObjectInfo>> find(std::string_view key) override;
  Result<void> remove(std::string_view key) override;

 private:
  Result<aws::ObjectName> object(std::string_view key) const;
  TransferOptions transfer(std::string_view key, bool upload) const;
  Result<void> download(std::string_view key, const std::filesystem::path& file, std::optional<std::uint64_t> size);

  const std::shared_ptr<aws::Client> client_;
  const Location place_;
  const StoreOptions options_;
  const std::shared_ptr<Slots> slots_;
};

}  // namespace smflow::s3
