#include "quota_search.hpp"

#include <functional>
#include <future>

namespace smflow::preflight {

namespace {

constexpr int most_pages = 200;

using Ask = std::function<aws::Outcome<aws::QuotaPage>(const std::string& token)>;

void note_type(FoundQuotas& found, const std::string& name) {
  const std::size_t end = name.find(" for ");
  if (name.starts_with("ml.") && end != std::string::npos) found.types.insert(name.substr(0, end));
}

// Page by page, until everything is found or `enough` is set.
aws::Outcome<FoundQuotas> search(const Ask& ask, const std::set<std::string>& names, const std::atomic<bool>& enough) {
  FoundQuotas found;
  std::string token;
  for (int number = 0; number < most_pages && found.quotas.size() < names.size() && !enough; ++number) {
    const auto page = ask(token);
    if (!page) return tl::unexpected(page.error());
    for (const aws::Quota& quota : page->quotas) {
      if (names.contains(quota.name)) found.quotas.emplace(quota.name, quota);
      note_type(found, quota.name);
    }
    token = page->next_token;
    if (token.empty()) break;
  }
  return found;
}

std::map<std::string, aws::Quota> by_code(Services& services, const std::set<std::string>& names) {
  std::map<std::string, aws::Quota> found;
  std::vector<std::future<aws::Outcome<std::optional<aws::Quota>>>> running;
  for (const std::string& name : names) {
    running.push_back(std::async(std::launch::async, [&] { return services.quota(name); }));
  }
  for (auto& one : running) {
    const auto quota = one.get();
    if (quota && *quota) found.emplace((*quota)->name, **quota);
  }
  return found;
}

}  // namespace

aws::Outcome<FoundQuotas> find_quotas(Services& services, const std::set<std::string>& names) {
  FoundQuotas known{.quotas = by_code(services, names), .types = {}};
  if (known.quotas.size() == names.size()) return known;

  std::atomic<bool> enough = false;
  auto of_aws = std::async(std::launch::async, [&] {
    return search([&](const std::string& token) { return services.default_quotas(token); }, names, enough);
  });
  auto own = search([&](const std::string& token) { return services.quotas(token); }, names, enough);
  enough = !own || own->quotas.size() == names.size();
  const auto others = of_aws.get();
  if (!own) return own;
  if (enough) return own;
  if (!others) return others;
  own->quotas.insert(others->quotas.begin(), others->quotas.end());
  own->types.insert(others->types.begin(), others->types.end());
  return own;
}

}  // namespace smflow::preflight
