#include <smflow/plan/job_name.hpp>

namespace smflow::plan {

namespace {

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

}  // namespace

bool is_legal_job_name(std::string_view name) {
  if (name.empty() || name.size() > job_name_limit) return false;
  if (!is_letter_or_digit(name.front()) || !is_letter_or_digit(name.back())) return false;
  for (const char c : name) {
    if (!is_letter_or_digit(c) && c != '-') return false;
  }
  return true;
}

std::string make_job_name(std::string_view base, WallTime now, RandomSource& random) {
  std::string name;
  for (const char c : base.substr(0, job_name_base_limit)) {
    const bool dash = !is_letter_or_digit(c);
    if (dash && (name.empty() || name.back() == '-')) continue;
    name += dash ? '-' : c;
  }
  while (!name.empty() && name.back() == '-') name.pop_back();
  if (name.empty()) name = "job";
  return name + "-" + format_compact_utc(now) + "-" + random_suffix(random, 5);
}

}  // namespace smflow::plan
