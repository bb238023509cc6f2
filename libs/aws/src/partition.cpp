#include <algorithm>
#include <array>
#include <cctype>

#include <smflow/aws/partition.hpp>

namespace smflow::aws {

namespace {

struct Row {
  std::string_view prefix;  // of the region's name; a longer one stands before a shorter one
  Partition partition;
};

constexpr Partition aws{"aws", "amazonaws.com", "api.aws", "us-east-1", ""};

constexpr std::array<Row, 7> rows = {{
    {"us-gov-", {"aws-us-gov", "amazonaws.com", "api.aws", "us-gov-west-1", "us-gov"}},
    {"us-isob-", {"aws-iso-b", "sc2s.sgov.gov", "", "us-isob-east-1", "us-isob-east-1"}},
    {"us-isof-", {"aws-iso-f", "csp.hci.ic.gov", "", "us-isof-south-1", "us-isof-south-1"}},
    {"us-iso-", {"aws-iso", "c2s.ic.gov", "", "us-iso-east-1", "us-iso-east-1"}},
    {"eusc-", {"aws-eusc", "amazonaws.eu", "api.amazonwebservices.eu", "eusc-de-east-1", "eusc-de-east-1"}},
    {"eu-isoe-", {"aws-iso-e", "cloud.adc-e.uk", "", "eu-isoe-west-1", "eu-isoe-west-1"}},
    {"cn-", {"aws-cn", "amazonaws.com.cn", "api.amazonwebservices.com.cn", "cn-north-1", "cn-north-1"}},
}};

}  // namespace

const Partition& partition_of(std::string_view region) {
  const auto found =
      std::find_if(rows.begin(), rows.end(), [&](const Row& row) { return region.starts_with(row.prefix); });
  return found == rows.end() ? aws : found->partition;
}

Result<void> check_region(std::string_view region) {
  const bool is_label =
      !region.empty() && region.size() <= 63 && region.front() != '-' && region.back() != '-' &&
      std::all_of(region.begin(), region.end(), [](unsigned char c) { return std::isalnum(c) != 0 || c == '-'; });
  if (is_label) return {};
  return tl::unexpected(Error{.code = "E411",
                              .exit = ExitCode::configuration,
                              .message = "'" + std::string(region) + "' is not the name of an AWS region",
                              .fix = "write one like eu-west-1"});
}

}  // namespace smflow::aws
