#include "quota_codes.hpp"

#include <smflow/base/files.hpp>
#include <smflow/base/json.hpp>

namespace smflow::preflight {

namespace {

constexpr std::uint64_t largest_file = 1u << 20;

std::map<std::string, std::string> codes_in(const std::filesystem::path& file) {
  std::map<std::string, std::string> codes;
  const auto text = file.empty() ? Result<std::string>() : read_file(file, largest_file);
  const auto json =
      text ? parse_json(*text, "the codes of quotas", {.bytes = largest_file, .depth = 4}) : Result<Json>(Json());
  if (!json || !json->is_object()) return codes;
  for (const auto& [name, code] : json->items()) {
    if (code.is_string()) codes.emplace(name, code.get<std::string>());
  }
  return codes;
}

}  // namespace

QuotaCodes::QuotaCodes(std::filesystem::path file) : file_(std::move(file)), codes_(codes_in(file_)) {}

QuotaCodes::~QuotaCodes() {
  if (file_.empty() || !is_new_) return;
  std::error_code failed;
  std::filesystem::create_directories(file_.parent_path(), failed);
  // What cannot be kept is read from the lists again.
  static_cast<void>(write_file(file_, Json(codes_).dump(-1, ' ', false, Json::error_handler_t::replace)));
}

std::string QuotaCodes::find(const std::string& name) const {
  const std::lock_guard lock(mutex_);
  const auto found = codes_.find(name);
  return found == codes_.end() ? std::string() : found->second;
}

void QuotaCodes::learn(const aws::QuotaPage& page) {
  const std::lock_guard lock(mutex_);
  for (const aws::Quota& quota : page.quotas) {
    if (quota.code.empty() || quota.name.find("training") == std::string::npos) continue;
    std::string& code = codes_[quota.name];
    is_new_ = is_new_ || code != quota.code;
    code = quota.code;
  }
}

}  // namespace smflow::preflight
