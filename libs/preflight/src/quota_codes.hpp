#pragma once

#include <filesystem>
#include <map>
#include <mutex>
#include <string>

#include <smflow/aws/operations/service_quotas.hpp>

namespace smflow::preflight {

// The codes of the quotas of training jobs, which AWS tells only in long lists, kept in a file of this machine: a hint,
// since the answer to a code says which quota it is. Safe to use from several threads.
class QuotaCodes {
 public:
  // An empty name keeps nothing. A file that is missing, or is none of ours, is like an empty one.
  explicit QuotaCodes(std::filesystem::path file);
  // Writes the file when there is something new.
  ~QuotaCodes();
  QuotaCodes(const QuotaCodes&) = delete;
  QuotaCodes& operator=(const QuotaCodes&) = delete;

  std::string find(const std::string& name) const;  // empty: not known
  void learn(const aws::QuotaPage& page);

 private:
  const std::filesystem::path file_;
  mutable std::mutex mutex_;
  std::map<std::string, std::string> codes_;
  bool is_new_ = false;
};

}  // namespace smflow::preflight
