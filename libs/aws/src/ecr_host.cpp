#include <algorithm>

#include <smflow/aws/ecr_host.hpp>
#include <smflow/aws/partition.hpp>
#include <smflow/base/text.hpp>

namespace smflow::aws {

std::optional<EcrHost> parse_ecr_host(std::string_view host) {
  const std::vector<std::string> parts = split(host, '.');
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (parts.size() < 5 || parts[0].size() != 12 || !std::ranges::all_of(parts[0], is_digit)) return std::nullopt;
  // "dkr.ecr.<region>.<suffix>", and with dual stack "dkr-ecr.<region>.on.aws".
  const bool dual_stack = parts[1] != "dkr";
  const std::string& region = parts[dual_stack ? 2 : 3];
  const Partition& partition = partition_of(region);
  if (dual_stack && partition.dual_stack_suffix != "api.aws") return std::nullopt;
  const std::string suffix(dual_stack ? "on.aws" : partition.dns_suffix);
  const auto is_in = [&](const char* service) {
    return host == parts[0] + (dual_stack ? ".dkr-" : ".dkr.") + service + "." + region + "." + suffix;
  };
  if (!is_in("ecr") && !is_in("ecr-fips")) return std::nullopt;
  return EcrHost{parts[0], region};
}

}  // namespace smflow::aws
