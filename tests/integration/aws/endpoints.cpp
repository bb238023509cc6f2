// Reads lines of "SERVICE REGION FIPS DUALSTACK", the last two 0 or 1, and writes for each "URL REGION-OF-THE-KEYS", or
// "-" where there is no endpoint.
#include <algorithm>
#include <array>
#include <iostream>

#include <smflow/aws/endpoint.hpp>
#include <smflow/aws/operations/ssm.hpp>

int main() {
  using namespace smflow::aws;
  const std::array services = {sagemaker, ecr, logs, sts, iam, service_quotas, s3, sso, sso_oidc, ssm};
  std::string id;
  std::string region;
  EndpointOptions options;
  while (std::cin >> id >> region >> options.fips >> options.dual_stack) {
    const auto service = std::ranges::find(services, id, &Service::id);
    const auto endpoint = resolve_endpoint(*service, region, options);
    std::cout << (endpoint ? endpoint->scheme + "://" + endpoint->authority + " " + endpoint->region : "-") << "\n";
  }
}
