#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <smflow/aws/profile.hpp>
#include <smflow/aws/service.hpp>

namespace smflow::aws {

// Where requests of a service go.
struct Endpoint {
  std::string scheme = "https";
  std::string authority = {};  // host, and ":port" when it is not the scheme's own
  std::string base_path = {};  // decoded, without a final '/'; mostly empty
  std::string region = {};     // that the keys are derived for
  bool custom = false;         // the user named it
};

// How S3 requests name their bucket.
enum class Addressing { automatic, path, virtual_host };

struct EndpointOptions {
  std::string url = {};  // of the user for this service; empty: the host of AWS
  bool fips = false;
  bool dual_stack = false;
  Addressing addressing = Addressing::automatic;  // S3 only
};

// "https://host[:port][/base]"; E412 for anything else, also for user names, queries and fragments.
Result<Endpoint> parse_endpoint(const std::string& url);

// The options for one service: AWS_ENDPOINT_URL_<SERVICE>, AWS_ENDPOINT_URL, the [services] section of the profile, its
// endpoint_url (the last four not with AWS_IGNORE_CONFIGURED_ENDPOINT_URLS or ignore_configured_endpoint_urls);
// AWS_USE_FIPS_ENDPOINT and use_fips_endpoint, AWS_USE_DUALSTACK_ENDPOINT and use_dualstack_endpoint,
// s3.addressing_style. `url` is the user's option and comes first.
Result<EndpointOptions> endpoint_options(const Service& service, const ProfileFiles& files, const std::string& profile,
                                         const EnvironmentLookup& environment, const std::string& url = {});

// Of a global service the host and the region of the keys are those of the region's partition; it is asked at the plain
// host also with dual stack. E411: not a region. E412: the URL is not one, FIPS or dual stack with a URL of the user,
// or where there is none.
Result<Endpoint> resolve_endpoint(const Service& service, const std::string& region, const EndpointOptions& options);

// An endpoint with the bucket put into the host or into the base path. A bucket that can be a DNS label goes into the
// host, unless the user named the endpoint or wants the path form.
Endpoint with_bucket(Endpoint endpoint, const std::string& bucket, Addressing addressing);

struct RegionChoice {
  std::string name;
  std::string from;  // who named it, for people: "AWS_REGION"
};
// The region: `option`, AWS_REGION, AWS_DEFAULT_REGION, the profile's; none when nobody names one. E411.
Result<std::optional<RegionChoice>> choose_region(const std::string& option, const ProfileFiles& files,
                                                  const std::string& profile, const EnvironmentLookup& environment);

}  // namespace smflow::aws
