#include "unfinished_pull.hpp"

#include <smflow/base/files.hpp>
#include <smflow/base/json.hpp>

namespace smflow::cli {

namespace {

std::string state_of(const storage::ObjectInfo& object) {
  return std::to_string(object.size) + " " + object.etag;
}

}  // namespace

UnfinishedPull::UnfinishedPull(const std::filesystem::path& folder, std::string job)
    : file_(folder / file_name), job_(std::move(job)) {
  const auto text = read_file(file_);
  const auto document = text ? parse_json(*text, file_.string()) : tl::unexpected(text.error());
  if (!document || !document->is_object() || document->value("job_name", Json()) != job_) return;
  const Json put = document->value("put", Json::object());
  for (const auto& [key, state] : put.items()) {
    if (state.is_string()) put_[key] = state.get<std::string>();
  }
}

bool UnfinishedPull::has_put(const storage::ObjectInfo& object) const {
  const auto found = put_.find(object.key);
  return found != put_.end() && found->second == state_of(object);
}

Result<void> UnfinishedPull::will_put(const storage::ObjectInfo& object) {
  put_[object.key] = state_of(object);
  return write_file(file_, Json{{"job_name", job_}, {"put", put_}}.dump());
}

void UnfinishedPull::finish() {
  std::error_code failed;
  std::filesystem::remove(file_, failed);
}

}  // namespace smflow::cli
