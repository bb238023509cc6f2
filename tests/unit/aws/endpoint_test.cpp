#include "support/fake_environment.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <smflow/aws/endpoint.hpp>
#include <smflow/aws/partition.hpp>

namespace smflow::aws {
namespace {

using smflow::test::FakeEnvironment;
using testing::HasSubstr;

struct HostRow {
  const Service& service;
  const char* region;
  bool fips;
  bool dual_stack;
  const char* authority;
};

TEST(Endpoint, HasTheHostOfServiceRegionAndVariant) {
  const HostRow rows[] = {
      {sagemaker, "eu-west-1", false, false, "api.sagemaker.eu-west-1.amazonaws.com"},
      {sagemaker, "eu-west-1", false, true, "api.sagemaker.eu-west-1.api.aws"},
      {sagemaker, "us-east-1", true, false, "api-fips.sagemaker.us-east-1.amazonaws.com"},
      {sagemaker, "us-gov-west-1", true, false, "api.sagemaker.us-gov-west-1.amazonaws.com"},
      {sagemaker, "cn-north-1", false, false, "api.sagemaker.cn-north-1.amazonaws.com.cn"},
      {sagemaker, "cn-north-1", false, true, "api.sagemaker.cn-north-1.api.amazonwebservices.com.cn"},
      {sagemaker, "us-east-1", true, true, "api.sagemaker-fips.us-east-1.api.aws"},
      {sagemaker, "us-gov-west-1", true, true, "api.sagemaker-fips.us-gov-west-1.api.aws"},
      {sagemaker, "us-iso-east-1", true, false, "api.sagemaker-fips.us-iso-east-1.c2s.ic.gov"},
      {ecr, "us-gov-west-1", true, false, "ecr-fips.us-gov-west-1.amazonaws.com"},
      {ecr, "us-east-2", false, true, "ecr.us-east-2.api.aws"},
      {ecr, "us-east-2", true, true, "ecr-fips.us-east-2.api.aws"},
      {ecr, "us-iso-east-1", false, false, "api.ecr.us-iso-east-1.c2s.ic.gov"},
      {logs, "us-isob-east-1", false, false, "logs.us-isob-east-1.sc2s.sgov.gov"},
      {logs, "us-east-1", true, false, "logs-fips.us-east-1.amazonaws.com"},
      {sts, "eusc-de-east-1", false, false, "sts.eusc-de-east-1.amazonaws.eu"},
      {sts, "eu-isoe-west-1", false, false, "sts.eu-isoe-west-1.cloud.adc-e.uk"},
      {sts, "us-isof-south-1", false, false, "sts.us-isof-south-1.csp.hci.ic.gov"},
      {s3, "us-east-1", false, false, "s3.us-east-1.amazonaws.com"},
      {s3, "us-east-1", true, false, "s3-fips.us-east-1.amazonaws.com"},
      {s3, "us-east-1", false, true, "s3.dualstack.us-east-1.amazonaws.com"},
      {s3, "us-east-1", true, true, "s3-fips.dualstack.us-east-1.amazonaws.com"},
      {s3, "cn-north-1", false, true, "s3.dualstack.cn-north-1.amazonaws.com.cn"},
      {sso, "eu-west-1", false, false, "portal.sso.eu-west-1.amazonaws.com"},
      {sso_oidc, "eu-west-1", false, false, "oidc.eu-west-1.amazonaws.com"},
      {service_quotas, "cn-north-1", false, false, "servicequotas.cn-north-1.amazonaws.com.cn"},
      {service_quotas, "us-gov-west-1", true, false, "servicequotas.us-gov-west-1.amazonaws.com"},
      {sts, "xx-new-7", false, false, "sts.xx-new-7.amazonaws.com"},
  };
  for (const HostRow& row : rows) {
    const auto endpoint = resolve_endpoint(row.service, row.region, {.fips = row.fips, .dual_stack = row.dual_stack});
    ASSERT_TRUE(endpoint) << row.authority;
    EXPECT_EQ(endpoint->authority, row.authority);
    EXPECT_EQ(endpoint->scheme, "https");
    EXPECT_EQ(endpoint->region, row.region);
  }
}

struct GlobalRow {
  const char* region;
  const char* authority;
  const char* key_region;
};

TEST(Endpoint, OfAGlobalServiceIsThatOfThePartition) {
  const GlobalRow rows[] = {
      {"eu-west-1", "iam.amazonaws.com", "us-east-1"},
      {"cn-northwest-1", "iam.cn-north-1.amazonaws.com.cn", "cn-north-1"},
      {"us-gov-east-1", "iam.us-gov.amazonaws.com", "us-gov-west-1"},
      {"us-iso-west-1", "iam.us-iso-east-1.c2s.ic.gov", "us-iso-east-1"},
      {"us-isob-east-1", "iam.us-isob-east-1.sc2s.sgov.gov", "us-isob-east-1"},
      {"us-isof-east-1", "iam.us-isof-south-1.csp.hci.ic.gov", "us-isof-south-1"},
  };
  for (const GlobalRow& row : rows) {
    for (const bool dual_stack : {false, true}) {
      const auto endpoint = resolve_endpoint(iam, row.region, {.dual_stack = dual_stack});
      ASSERT_TRUE(endpoint) << row.region;
      EXPECT_EQ(endpoint->authority, row.authority);
      EXPECT_EQ(endpoint->region, row.key_region);
    }
  }
  EXPECT_EQ(resolve_endpoint(iam, "eu-west-1", {.fips = true})->authority, "iam-fips.amazonaws.com");
  EXPECT_EQ(resolve_endpoint(iam, "us-gov-west-1", {.fips = true})->authority, "iam.us-gov.amazonaws.com");
  EXPECT_EQ(resolve_endpoint(iam, "eu-west-1", {.url = "http://127.0.0.1:5000"})->region, "us-east-1");
}

TEST(Endpoint, KnowsThePartitionOfARegion) {
  EXPECT_EQ(partition_of("ap-southeast-2").id, "aws");
  EXPECT_EQ(partition_of("us-gov-east-1").id, "aws-us-gov");
  EXPECT_EQ(partition_of("cn-northwest-1").id, "aws-cn");
  EXPECT_EQ(partition_of("us-isof-south-1").id, "aws-iso-f");
}

TEST(Endpoint, RefusesWhatIsNoRegion) {
  for (const char* region : {"", "evil.com/", "a b", "-x", "x-", "eu-west-1.evil"}) {
    const auto endpoint = resolve_endpoint(sts, region, {});
    ASSERT_FALSE(endpoint) << region;
    EXPECT_EQ(endpoint.error().code, "E411");
  }
}

TEST(Endpoint, OfTheUserKeepsItsPortAndPath) {
  const auto endpoint = resolve_endpoint(s3, "eu-west-1", {.url = "http://127.0.0.1:9000/a%20b/"});
  ASSERT_TRUE(endpoint);
  EXPECT_EQ(endpoint->scheme, "http");
  EXPECT_EQ(endpoint->authority, "127.0.0.1:9000");
  EXPECT_EQ(endpoint->base_path, "/a b");
  EXPECT_EQ(endpoint->region, "eu-west-1");
  EXPECT_EQ(parse_endpoint("https://h:443")->authority, "h");
  EXPECT_EQ(parse_endpoint("http://[::1]:5000")->authority, "[::1]:5000");
}

TEST(Endpoint, OfTheUserMustBeAPlainUrl) {
  for (const char* url : {"h", "ftp://h", "http://", "http://u:p@h", "http://h/?q", "http://h/%zz", "http://h:99999",
                          "http://h:", "http://h:x", "http://[::1", "http://h /", "http://:80", "http://h/#f"}) {
    const auto endpoint = parse_endpoint(url);
    ASSERT_FALSE(endpoint) << url;
    EXPECT_EQ(endpoint.error().code, "E412");
  }
}

TEST(Endpoint, OfTheUserDoesNotGoWithFipsOrDualStack) {
  EXPECT_EQ(resolve_endpoint(s3, "eu-west-1", {.url = "http://h", .fips = true}).error().code, "E412");
  EXPECT_EQ(resolve_endpoint(s3, "eu-west-1", {.url = "http://h", .dual_stack = true}).error().code, "E412");
}

TEST(Endpoint, IsNotInventedWhereThePartitionHasNone) {
  EXPECT_EQ(resolve_endpoint(sts, "us-iso-east-1", {.dual_stack = true}).error().code, "E412");
  EXPECT_EQ(resolve_endpoint(s3, "cn-north-1", {.fips = true}).error().code, "E412");
}

std::string place(const Endpoint& endpoint, const std::string& bucket, Addressing addressing = Addressing::automatic) {
  const Endpoint result = with_bucket(endpoint, bucket, addressing);
  return result.authority + result.base_path;
}

TEST(Endpoint, NamesTheBucketInHostOrPath) {
  const Endpoint aws = *resolve_endpoint(s3, "eu-west-1", {});
  const std::string host = "s3.eu-west-1.amazonaws.com";
  EXPECT_EQ(place(aws, "my-bucket"), "my-bucket." + host);
  for (const std::string bucket : {"My-Bucket", "a.b.c", "ab", "under_score", "-dash"}) {
    EXPECT_EQ(place(aws, bucket), host + "/" + bucket);
  }
  EXPECT_EQ(place(aws, "my-bucket", Addressing::path), host + "/my-bucket");
  EXPECT_EQ(place(aws, "a.b.c", Addressing::virtual_host), "a.b.c." + host);
  EXPECT_EQ(place(aws, "evil.com/x", Addressing::virtual_host), host + "/evil.com/x");
  const Endpoint own = *parse_endpoint("http://h:9000/base");
  EXPECT_EQ(place(own, "my-bucket"), "h:9000/base/my-bucket");
  EXPECT_EQ(place(own, "my-bucket", Addressing::virtual_host), "my-bucket.h:9000/base");
}

class EndpointOptionsOf : public testing::Test {
 protected:
  EndpointOptions of(const Service& service, const std::string& url = "") {
    auto options = endpoint_options(service, files_, "dev", environment_.lookup(), url);
    EXPECT_TRUE(options) << options.error().message;
    return options.value_or(EndpointOptions{});
  }

  ProfileFiles files_{.config_profiles = {{"dev", {{"services", {"lab"}}, {"endpoint_url", {"http://profile"}}}}},
                      .services = {{"lab", {{"s3", {"", {{"endpoint_url", "http://section"}}}}}}}};
  FakeEnvironment environment_;
};

TEST_F(EndpointOptionsOf, TakeTheNearestUrl) {
  EXPECT_EQ(of(logs).url, "http://profile");
  EXPECT_EQ(of(s3).url, "http://section");
  environment_["AWS_ENDPOINT_URL"] = "http://all";
  EXPECT_EQ(of(s3).url, "http://all");
  environment_["AWS_ENDPOINT_URL_CLOUDWATCH_LOGS"] = "http://logs";
  EXPECT_EQ(of(logs).url, "http://logs");
  EXPECT_EQ(of(logs, "http://option").url, "http://option");
  environment_["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] = "true";
  EXPECT_EQ(of(logs).url, "");
  EXPECT_EQ(of(logs, "http://option").url, "http://option");
}

TEST_F(EndpointOptionsOf, TakeVariantsFromEnvironmentThenProfile) {
  EXPECT_FALSE(of(s3).fips);
  files_.config_profiles["dev"]["use_fips_endpoint"] = {"true"};
  files_.config_profiles["dev"]["use_dualstack_endpoint"] = {"true"};
  EXPECT_TRUE(of(s3).fips);
  EXPECT_TRUE(of(s3).dual_stack);
  environment_["AWS_USE_FIPS_ENDPOINT"] = "false";
  EXPECT_FALSE(of(s3).fips);
}

TEST_F(EndpointOptionsOf, TakeTheAddressingStyle) {
  files_.config_profiles["dev"]["s3"].nested["addressing_style"] = "virtual";
  EXPECT_EQ(of(s3).addressing, Addressing::virtual_host);
  files_.config_profiles["dev"]["s3"].nested["addressing_style"] = "odd";
  EXPECT_EQ(endpoint_options(s3, files_, "dev", environment_.lookup()).error().code, "E412");
}

TEST(Region, IsTakenFromTheNearestPlace) {
  const ProfileFiles files{.config_profiles = {{"dev", {{"region", {"r-profile-1"}}}}}};
  FakeEnvironment environment;
  const auto chosen = [&](const std::string& option) {
    const auto region = choose_region(option, files, "dev", environment.lookup()).value();
    return region->name + " of " + region->from;
  };
  EXPECT_EQ(chosen(""), "r-profile-1 of the profile");
  EXPECT_FALSE(*choose_region("", files, "default", environment.lookup()));
  environment["AWS_DEFAULT_REGION"] = "r-default-1";
  EXPECT_EQ(chosen(""), "r-default-1 of AWS_DEFAULT_REGION");
  environment["AWS_REGION"] = "r-region-1";
  EXPECT_EQ(chosen(""), "r-region-1 of AWS_REGION");
  EXPECT_EQ(chosen("r-option-1"), "r-option-1 of the option or the config");
  EXPECT_EQ(choose_region("no region", files, "dev", environment.lookup()).error().code, "E411");
}

}  // namespace
}  // namespace smflow::aws
