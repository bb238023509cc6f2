#include "json_access.hpp"

#include <cerrno>
#include <filesystem>
#include <map>
#include <thread>

#include <fcntl.h>
#include <unistd.h>

#include <smflow/base/parallel.hpp>
#include <smflow/base/sha256.hpp>
#include <smflow/base/text.hpp>
#include <smflow/base/unique_fd.hpp>
#include <smflow/records/data_manifest.hpp>

namespace smflow::records {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t largest_code = 256ull << 20;

struct Entry {
  std::string key;
  std::uint64_t size = 0;
  std::string etag = {};
  std::string hash = {};
};

Result<std::string> hash_of_file(const fs::path& file) {
  const UniqueFd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!fd) return tl::unexpected(system_error("cannot read '" + file.string() + "'", errno));
  Sha256 sum;
  std::string buffer(256u << 10, '\0');
  for (;;) {
    const ssize_t got = ::read(fd.get(), buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return tl::unexpected(system_error("cannot read '" + file.string() + "'", errno));
    if (got == 0) return sum.hex_digest();
    sum.update(std::string_view(buffer).substr(0, static_cast<std::size_t>(got)));
  }
}

std::uint64_t total_size(const std::vector<Entry>& entries) {
  std::uint64_t total = 0;
  for (const Entry& entry : entries) total += entry.size;
  return total;
}

Result<void> hash_files(std::vector<Entry>& entries, const fs::path& folder) {
  const int threads = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  return in_parallel(entries.size(), threads, {}, [&](std::size_t index, std::stop_token) -> Result<void> {
    auto hash = hash_of_file(folder / entries[index].key);
    if (!hash) return tl::unexpected(std::move(hash).error());
    entries[index].hash = *std::move(hash);
    return {};
  });
}

std::string lines_of(const std::vector<Entry>& entries) {
  std::string lines;
  for (const Entry& entry : entries) {
    OrderedJson line{{"k", entry.key}, {"s", entry.size}};
    if (!entry.hash.empty()) line["h"] = entry.hash;
    if (!entry.etag.empty()) line["e"] = entry.etag;
    lines += compact(line) + "\n";
  }
  return lines;
}

DataManifest manifest_of(const plan::Channel& channel, const std::vector<Entry>& entries, const char* kind) {
  DataManifest manifest{.state = {.channel = channel.name,
                                  .uri = channel.uri,
                                  .count = entries.size(),
                                  .bytes = total_size(entries),
                                  .hash = {},
                                  .hash_kind = kind,
                                  .manifest = {}},
                        .lines = lines_of(entries)};
  manifest.state.hash = sha256_hex(manifest.lines);
  manifest.state.manifest = "smflow/v1/data/" + manifest.state.hash + ".jsonl";
  return manifest;
}

Result<std::vector<Entry>> entries_of(storage::Store& store) {
  auto objects = store.list("");
  if (!objects) return tl::unexpected(std::move(objects).error());
  std::vector<Entry> entries;
  for (storage::ObjectInfo& object : *objects) {
    entries.push_back({.key = std::move(object.key), .size = object.size, .etag = std::move(object.etag)});
  }
  return entries;
}

// The object whose key is all of `uri`, when there is nothing below it.
Result<std::vector<Entry>> object_entry(const std::string& uri, const OpenStore& open_store) {
  const std::size_t slash = uri.rfind('/');
  const bool only_bucket = uri.find('/', uri.find("://") + 3) == std::string::npos;
  if (only_bucket || slash + 1 == uri.size()) return std::vector<Entry>{};
  const auto store = open_store(uri.substr(0, slash));
  if (!store) return tl::unexpected(store.error());
  auto entries = entries_of(**store);
  if (entries) std::erase_if(*entries, [&](const Entry& entry) { return entry.key != uri.substr(slash + 1); });
  return entries;
}

std::map<std::string, std::string> by_key(std::string_view manifest) {
  std::map<std::string, std::string> lines;
  for (const std::string& line : split(manifest, '\n')) {
    const OrderedJson entry = OrderedJson::parse(line, nullptr, false);
    if (entry.is_object()) lines[text_at(entry, {"k"})] = line;
  }
  return lines;
}

}  // namespace

Result<DataManifest> make_manifest(const plan::Channel& channel, const OpenStore& open_store,
                                   std::uint64_t hash_up_to) {
  std::error_code failed;
  const auto path =
      storage::is_file_uri(channel.uri) ? storage::file_uri_path(channel.uri) : Result<fs::path>(fs::path());
  if (!path) return tl::unexpected(path.error());
  std::vector<Entry> entries;
  fs::path folder = *path;
  if (!path->empty() && fs::is_regular_file(*path, failed)) {
    folder = path->parent_path();
    entries.push_back({.key = path->filename().string(), .size = fs::file_size(*path, failed)});
  } else {
    const auto store = open_store(channel.uri);
    if (!store) return tl::unexpected(store.error());
    auto listed = entries_of(**store);
    if (listed && listed->empty() && path->empty()) listed = object_entry(channel.uri, open_store);
    if (!listed) return tl::unexpected(std::move(listed).error());
    entries = *std::move(listed);
  }
  if (path->empty()) return manifest_of(channel, entries, "s3-etag-list");
  if (total_size(entries) > hash_up_to) return manifest_of(channel, entries, "size-list");
  if (auto hashed = hash_files(entries, folder); !hashed) return tl::unexpected(std::move(hashed).error());
  return manifest_of(channel, entries, "sha256-list");
}

Result<std::vector<DataManifest>> make_manifests(const plan::JobPlan& plan, const OpenStore& open_store) {
  std::vector<DataManifest> manifests;
  for (const plan::Channel& channel : plan.channels) {
    if (channel.name == "config") continue;
    auto manifest = make_manifest(channel, open_store);
    if (!manifest) return tl::unexpected(std::move(manifest).error());
    manifests.push_back(*std::move(manifest));
  }
  return manifests;
}

std::string manifest_difference(std::string_view before, std::string_view after) {
  const auto old_lines = by_key(before);
  const auto new_lines = by_key(after);
  std::size_t added = 0;
  std::size_t removed = 0;
  std::size_t changed = 0;
  for (const auto& [key, line] : new_lines) {
    const auto found = old_lines.find(key);
    if (found == old_lines.end()) {
      ++added;
    } else if (found->second != line) {
      ++changed;
    }
  }
  for (const auto& [key, line] : old_lines) removed += new_lines.contains(key) ? 0 : 1;
  return std::to_string(added) + " added, " + std::to_string(removed) + " removed, " + std::to_string(changed) +
         " changed";
}

std::string code_hash(const fs::path& folder) {
  const auto opened = storage::open_store("file://" + folder.string());
  if (!opened) return {};
  auto entries = entries_of(**opened);
  if (!entries || entries->empty()) return {};
  std::erase_if(*entries, [](const Entry& entry) {
    return entry.key.starts_with("CMakeFiles/") || entry.key.starts_with("__pycache__/") || entry.key.ends_with(".a");
  });
  if (total_size(*entries) <= largest_code && !hash_files(*entries, folder)) return {};
  return sha256_hex(lines_of(*entries));
}

}  // namespace smflow::records
