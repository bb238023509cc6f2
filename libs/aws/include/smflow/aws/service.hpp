#pragma once

#include <string_view>

namespace smflow::aws {

// What the client must know of a service. One constant each.
struct Service {
  std::string_view id;            // in messages and, in capitals with '_', in AWS_ENDPOINT_URL_<ID>: "cloudwatch_logs"
  std::string_view signing_name;  // "logs"
  std::string_view host;          // of the plain host name, before ".<region>": "api.sagemaker"
  // "api-fips.sagemaker", in "aws" and "aws-us-gov" without dual stack; elsewhere it is `host` + "-fips".
  std::string_view fips_host;
  bool fips_is_plain_in_us_gov;  // there the plain host is the FIPS one, without dual stack
  std::string_view target;       // prefix of X-Amz-Target, for JSON 1.1; else empty
  std::string_view version;      // of the query protocol; else empty
  bool global = false;           // one host and one region of the keys for the whole partition
};

inline constexpr Service sagemaker{"sagemaker", "sagemaker", "api.sagemaker", "api-fips.sagemaker", true,
                                   "SageMaker", ""};
inline constexpr Service ecr{"ecr", "ecr", "api.ecr", "ecr-fips", false, "AmazonEC2ContainerRegistry_V20150921", ""};
inline constexpr Service logs{"cloudwatch_logs", "logs", "logs", "logs-fips", true, "Logs_20140328", ""};
inline constexpr Service sts{"sts", "sts", "sts", "sts-fips", true, "", "2011-06-15"};
inline constexpr Service iam{"iam", "iam", "iam", "iam-fips", true, "", "2010-05-08", true};
inline constexpr Service service_quotas{
    "service_quotas", "servicequotas", "servicequotas", "servicequotas-fips", true, "ServiceQuotasV20190624", ""};
inline constexpr Service s3{"s3", "s3", "s3", "s3-fips", false, "", ""};
inline constexpr Service sso{"sso", "awsssoportal", "portal.sso", "portal.sso-fips", true, "", ""};
inline constexpr Service sso_oidc{"sso_oidc", "sso-oauth", "oidc", "oidc-fips", true, "", ""};

}  // namespace smflow::aws
