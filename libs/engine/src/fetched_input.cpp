#include "fetched_input.hpp"

#include <smflow/base/files.hpp>
#include <smflow/storage/cached_store.hpp>

namespace smflow::engine {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t cached_bytes = 20ull << 30;

fs::path cache_folder() {
  return user_cache_directory() / "inputs";
}

Error nothing_there(const std::string& channel, const std::string& uri) {
  return {.code = "E101",
          .exit = ExitCode::configuration,
          .message = "channel '" + channel + "' cannot be read from '" + uri + "': there is nothing",
          .fix = "put the data there, or correct where the config says that it is"};
}

// The object whose key is all of `uri`.
Result<Input> fetch_object(const std::string& channel, const std::string& uri, const fs::path& into,
                           const StoreOpener& open_store) {
  const std::size_t slash = uri.rfind('/');
  const std::string name = uri.substr(slash + 1);
  const bool only_bucket = uri.find('/', uri.find("://") + 3) == std::string::npos;
  if (only_bucket || !storage::check_key(name)) return tl::unexpected(nothing_there(channel, uri));
  auto opened = open_store(uri.substr(0, slash));
  if (!opened) return tl::unexpected(std::move(opened).error());
  const auto store = storage::with_cache(*std::move(opened), cache_folder());
  const auto object = store->find(name);
  if (!object) return tl::unexpected(object.error());
  if (!*object) return tl::unexpected(nothing_there(channel, uri));
  auto got = store->get_listed(**object, into / name);
  if (!got) return tl::unexpected(std::move(got).error());
  return Input{.channel = channel, .source = into / name, .is_file = true};
}

}  // namespace

Result<Input> fetch_input(const std::string& channel, const std::string& uri, const fs::path& into,
                          const StoreOpener& open_store) {
  auto opened = open_store(uri);
  if (!opened) return tl::unexpected(std::move(opened).error());
  const auto store = storage::with_cache(*std::move(opened), cache_folder());
  auto report = storage::sync_down(*store, "", into);
  storage::prune_cache(cache_folder(), cached_bytes);
  if (!report) return tl::unexpected(std::move(report).error());
  if (report->copied == 0 && report->left_out.empty()) return fetch_object(channel, uri, into, open_store);
  return Input{.channel = channel, .source = into, .left_out = std::move(report->left_out)};
}

}  // namespace smflow::engine
