#include <algorithm>

#include <smflow/aws/ecr_host.hpp>
#include <smflow/aws/partition.hpp>
#include <smflow/base/text.hpp>

namespace smflow::aws {

std::optional<EcrHost> parse_ecr_host(std::string_view host) {
  const std::vector<std::string> parts = split(host, '.');
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (parts.size() < 5 || parts[0].size() != 12 || !std::ranges::all_of(parts[0], is_digit)) return std::nullopt;
  const auto is_in = [&](const char* service) {
    return host == parts[0] + ".dkr." + service + "." + parts[3] + "." + std::string(partition_of(parts[3]).dns_suffix);
  };
  if (!is_in("ecr") && !is_in("ecr-fips")) return std::nullopt;
  return EcrHost{parts[0], parts[3]};
}

}  // namespace smflow::aws
