#include "errors.hpp"
#include "meter.hpp"

#include <algorithm>

#include <smflow/aws/checksum.hpp>
#include <smflow/base/files.hpp>
#include <smflow/s3/s3_store.hpp>

namespace smflow::s3 {

namespace fs = std::filesystem;

namespace {

// What stands before the key of every object at `place`.
std::string root_of(const Location& place) {
  return place.prefix.empty() ? "" : place.prefix + "/";
}

std::int64_t nanoseconds(WallTime time) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count();
}

Result<void> make_folder_of(const fs::path& file) {
  std::error_code failed;
  if (file.has_parent_path()) fs::create_directories(file.parent_path(), failed);
  if (!failed) return {};
  return tl::unexpected(system_error("cannot make the folder '" + file.parent_path().string() + "'", failed.value()));
}

}  // namespace

S3Store::S3Store(std::shared_ptr<aws::Client> client, Location place, StoreOptions options)
    : client_(std::move(client)),
      place_(std::move(place)),
      options_(std::move(options)),
      slots_(std::make_shared<Slots>(std::clamp<std::ptrdiff_t>(options_.connections, 1, Slots::max()))) {}

std::string S3Store::uri() const {
  return "s3://" + place_.bucket + (place_.prefix.empty() ? "" : "/" + place_.prefix);
}

std::string S3Store::uri(std::string_view key) const {
  return uri() + "/" + std::string(key);
}

Result<aws::ObjectName> S3Store::object(std::string_view key) const {
  if (auto checked = storage::check_key(key); !checked) return tl::unexpected(std::move(checked).error());
  return aws::ObjectName{place_.bucket, root_of(place_) + std::string(key)};
}

TransferOptions S3Store::transfer(std::string_view key, bool upload) const {
  TransferOptions options{.slots = slots_, .least_part = options_.least_part, .stop = options_.stop};
  if (options_.progress) {
    options.progress = [this, object = uri(key), upload](std::uint64_t done, std::uint64_t total) {
      options_.progress({.uri = object, .upload = upload, .done = done, .total = total});
    };
  }
  return options;
}

Result<void> S3Store::put(std::string_view key, std::string_view content, bool only_new) {
  const auto name = object(key);
  if (!name) return tl::unexpected(name.error());
  const SlotGuard slot(slots_.get());
  const auto put = aws::put_object(*client_, {.object = *name,
                                              .body = http::body_of(std::string(content)),
                                              .crc64nvme = aws::crc64nvme(std::as_bytes(std::span(content))),
                                              .only_new = only_new,
                                              .cancel = options_.stop});
  return put ? Result<void>{} : tl::unexpected(error_of(put.error(), *name));
}

Result<void> S3Store::put_file(std::string_view key, const fs::path& file, bool only_new) {
  const auto name = object(key);
  if (!name) return tl::unexpected(name.error());
  return upload_file(*client_, *name, file, only_new, transfer(key, true));
}

Result<std::string> S3Store::get(std::string_view key, std::uint64_t limit) {
  const auto name = object(key);
  if (!name) return tl::unexpected(name.error());
  const SlotGuard slot(slots_.get());
  return download_text(*client_, *name, limit, options_.stop);
}

Result<std::string> S3Store::get_range(std::string_view key, std::uint64_t first, std::uint64_t length) {
  const auto name = object(key);
  if (!name) return tl::unexpected(name.error());
  const SlotGuard slot(slots_.get());
  return download_range(*client_, *name, {first, length}, options_.stop);
}

Result<void> S3Store::download(std::string_view key, const fs::path& file, std::optional<std::uint64_t> size) {
  const auto name = object(key);
  if (!name) return tl::unexpected(name.error());
  if (auto made = make_folder_of(file); !made) return made;
  return download_file(*client_, *name, file, transfer(key, false), size);
}

Result<void> S3Store::get_file(std::string_view key, const fs::path& file) {
  return download(key, file, std::nullopt);
}

Result<void> S3Store::get_listed(const storage::ObjectInfo& listed, const fs::path& file) {
  return download(listed.key, file, listed.size);
}

Result<std::vector<storage::ObjectInfo>> S3Store::list(std::string_view prefix) {
  if (prefix.ends_with('/')) prefix.remove_suffix(1);
  if (!prefix.empty() && !is_safe_relative_path(prefix)) return tl::unexpected(storage::bad_key(prefix));
  const std::string root = root_of(place_);
  const std::string begin = root + (prefix.empty() ? "" : std::string(prefix) + "/");
  const auto listed = aws::list_objects(*client_, place_.bucket, begin, options_.stop);
  if (!listed) return tl::unexpected(error_of(listed.error(), {place_.bucket, begin}));
  std::vector<storage::ObjectInfo> objects;
  for (const aws::ListedObject& one : *listed) {
    // The console writes an empty object for a folder; that of this folder itself says nothing.
    if (one.key.size() > begin.size() && one.key.starts_with(begin)) {
      objects.push_back({one.key.substr(root.size()), one.size, nanoseconds(one.modified), one.etag});
    }
  }
  std::ranges::sort(objects, {}, &storage::ObjectInfo::key);
  return objects;
}

Result<bool> S3Store::exists(std::string_view key) {
  return find(key).map([](const auto& found) { return found.has_value(); });
}

Result<std::optional<storage::ObjectInfo>> S3Store::find(std::string_view key) {
  const auto name = object(key);
  if (!name) return tl::unexpected(name.error());
  const auto head = aws::head_object(*client_, *name, options_.stop);
  if (head) {
    return storage::ObjectInfo{std::string(key), head->size, nanoseconds(head->modified.value_or(WallTime())),
                               head->etag};
  }
  const Error error = error_of(head.error(), *name);
  if (error.code == "E150") return std::nullopt;
  return tl::unexpected(error);
}

Result<void> S3Store::remove(std::string_view key) {
  const auto name = object(key);
  if (!name) return tl::unexpected(name.error());
  const auto removed = aws::delete_object(*client_, *name);
  return removed ? Result<void>{} : tl::unexpected(error_of(removed.error(), *name));
}

}  // namespace smflow::s3
