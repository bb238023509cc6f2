#include <algorithm>
#include <cctype>

#include <smflow/aws/encoding.hpp>
#include <smflow/aws/endpoint.hpp>
#include <smflow/aws/partition.hpp>
#include <smflow/base/text.hpp>

namespace smflow::aws {

namespace {

Error bad_endpoint(const std::string& why, const std::string& fix) {
  return {.code = "E412", .exit = ExitCode::configuration, .message = why, .fix = fix};
}

bool is_host_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
         std::string_view("-._:[]").find(c) != std::string_view::npos;
}

bool has_valid_port(std::string_view authority) {
  const std::size_t host_end = authority.front() == '[' ? authority.find(']') : authority.find(':');
  if (host_end == 0) return false;
  if (authority.front() != '[' && host_end == std::string_view::npos) return true;
  if (host_end == std::string_view::npos) return false;
  std::string_view port = authority.substr(authority.front() == '[' ? host_end + 1 : host_end);
  if (port.empty()) return authority.front() == '[';
  if (port.front() != ':' || port.size() < 2 || port.size() > 6) return false;
  port.remove_prefix(1);
  const bool digits = std::all_of(port.begin(), port.end(), [](char c) { return c >= '0' && c <= '9'; });
  return digits && std::stoi(std::string(port)) <= 65535;
}

std::string without_own_port(std::string authority, std::string_view scheme) {
  const std::string_view port = scheme == "https" ? ":443" : ":80";
  if (authority.ends_with(port)) authority.resize(authority.size() - port.size());
  return authority;
}

// Global services have no dual stack by a rule that holds in every partition; their plain host is taken.
std::string global_host(const std::string& name, const Partition& partition) {
  const std::string label(partition.global_label);
  return name + "." + (label.empty() ? "" : label + ".") + std::string(partition.dns_suffix);
}

bool is_of_us_gov(const Partition& partition) {
  return partition.id == "aws-us-gov";
}

// Where the services' own names of FIPS hosts hold, and the global services have FIPS hosts.
bool has_own_fips_names(const Partition& partition) {
  return partition.id == "aws" || is_of_us_gov(partition);
}

std::string name_of(const Service& service, const Partition& partition, const EndpointOptions& options) {
  const bool dual_stack = options.dual_stack && !service.global;
  // As the AWS General Reference has them, "Amazon ECR endpoints"; the SDKs' rules of 2025 differ.
  if (dual_stack && service.id == ecr.id) return options.fips ? "ecr-fips" : "ecr";
  if (!options.fips) return std::string(service.host);
  if (dual_stack || !has_own_fips_names(partition)) return std::string(service.host) + "-fips";
  const bool is_plain = service.fips_is_plain_in_us_gov && is_of_us_gov(partition);
  return std::string(is_plain ? service.host : service.fips_host);
}

bool is_global(const Service& service, const Partition& partition, const EndpointOptions& options) {
  return service.global && (!options.fips || has_own_fips_names(partition));
}

// S3 keeps its own suffix for dual stack: bucket.s3.dualstack.<region>.amazonaws.com.
std::string host_of(const Service& service, const std::string& region, const EndpointOptions& options) {
  const Partition& partition = partition_of(region);
  const std::string name = name_of(service, partition, options);
  if (is_global(service, partition, options)) return global_host(name, partition);
  if (service.id == s3.id) {
    return name + (options.dual_stack ? ".dualstack." : ".") + region + "." + std::string(partition.dns_suffix);
  }
  return name + "." + region + "." +
         std::string(options.dual_stack && !service.global ? partition.dual_stack_suffix : partition.dns_suffix);
}

std::string key_region(const Service& service, const std::string& region, const EndpointOptions& options) {
  const Partition& partition = partition_of(region);
  return is_global(service, partition, options) ? std::string(partition.global_region) : region;
}

bool is_host_name(std::string_view bucket) {
  const auto is_allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
  };
  return bucket.size() >= 3 && bucket.size() <= 63 && bucket.front() != '-' && bucket.back() != '-' &&
         std::all_of(bucket.begin(), bucket.end(), is_allowed);
}

// A dot would need a certificate for two levels of names.
bool goes_into_host(const Endpoint& endpoint, std::string_view bucket, Addressing addressing) {
  if (addressing == Addressing::path || !is_host_name(bucket)) return false;
  if (addressing == Addressing::virtual_host) return true;
  return !endpoint.custom && bucket.find('.') == std::string_view::npos;
}

}  // namespace

Result<Endpoint> parse_endpoint(const std::string& url) {
  const auto refused = [&](const std::string& why) {
    return tl::unexpected(bad_endpoint("'" + printable(url.substr(0, 200)) + "' is not the URL of an endpoint: " + why,
                                       "write one like http://127.0.0.1:9000"));
  };
  Endpoint endpoint{.custom = true};
  const std::size_t colon = url.find("://");
  endpoint.scheme = url.substr(0, colon);
  if (colon == std::string::npos || (endpoint.scheme != "http" && endpoint.scheme != "https")) {
    return refused("it does not begin with http:// or https://");
  }
  const std::string rest = url.substr(colon + 3);
  const std::size_t slash = rest.find('/');
  const std::string authority = rest.substr(0, slash);
  if (authority.empty() || !std::all_of(authority.begin(), authority.end(), is_host_character) ||
      !has_valid_port(authority)) {
    return refused("its host is not one");
  }
  endpoint.authority = without_own_port(authority, endpoint.scheme);
  if (slash == std::string::npos) return endpoint;
  auto path = percent_decode(rest.substr(slash));
  if (!path || rest.find_first_of("?#", slash) != std::string::npos || path->find('\0') != std::string::npos) {
    return refused("its path is not one");
  }
  while (path->ends_with('/')) path->pop_back();
  endpoint.base_path = *std::move(path);
  return endpoint;
}

Result<Endpoint> resolve_endpoint(const Service& service, const std::string& region, const EndpointOptions& options) {
  if (auto valid = check_region(region); !valid) return tl::unexpected(std::move(valid).error());
  if (!options.url.empty()) {
    if (options.fips || options.dual_stack) {
      return tl::unexpected(bad_endpoint("FIPS and dual stack do not go with the endpoint '" + options.url + "'",
                                         "unset use_fips_endpoint and use_dualstack_endpoint, or the endpoint"));
    }
    auto endpoint = parse_endpoint(options.url);
    if (endpoint) endpoint->region = key_region(service, region, options);
    return endpoint;
  }
  const Partition& partition = partition_of(region);
  const bool is_s3 = service.id == s3.id;
  if (options.dual_stack && !service.global && !is_s3 && partition.dual_stack_suffix.empty()) {
    return tl::unexpected(bad_endpoint("'" + region + "' has no dual stack endpoints", "unset use_dualstack_endpoint"));
  }
  if (options.fips && is_s3 && partition.id == "aws-cn") {
    return tl::unexpected(bad_endpoint("S3 has no FIPS endpoints in '" + region + "'", "unset use_fips_endpoint"));
  }
  return Endpoint{.authority = host_of(service, region, options), .region = key_region(service, region, options)};
}

Endpoint with_bucket(Endpoint endpoint, const std::string& bucket, Addressing addressing) {
  if (goes_into_host(endpoint, bucket, addressing)) {
    endpoint.authority = bucket + "." + endpoint.authority;
  } else {
    endpoint.base_path += "/" + bucket;
  }
  return endpoint;
}

}  // namespace smflow::aws
