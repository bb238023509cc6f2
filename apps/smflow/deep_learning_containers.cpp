#include "deep_learning_containers.hpp"

#include "image_registry.hpp"

#include <algorithm>
#include <array>

#include <smflow/aws/partition.hpp>
#include <smflow/docker/names.hpp>

namespace smflow::cli {

namespace {

constexpr std::string_view usual_account = "763104351884";

struct Region {
  std::string_view name;
  std::string_view account = usual_account;
};

// image_uri_config/pytorch.json of the SageMaker Python SDK, 3.
constexpr auto regions = std::to_array<Region>({{"af-south-1", "626614931356"},
                                                {"ap-east-1", "871362719292"},
                                                {"ap-east-2", "975050140332"},
                                                {"ap-northeast-1"},
                                                {"ap-northeast-2"},
                                                {"ap-northeast-3", "364406365360"},
                                                {"ap-south-1"},
                                                {"ap-south-2", "772153158452"},
                                                {"ap-southeast-1"},
                                                {"ap-southeast-2"},
                                                {"ap-southeast-3", "907027046896"},
                                                {"ap-southeast-4", "457447274322"},
                                                {"ap-southeast-5", "550225433462"},
                                                {"ap-southeast-6", "633930458069"},
                                                {"ap-southeast-7", "590183813437"},
                                                {"ca-central-1"},
                                                {"ca-west-1", "204538143572"},
                                                {"cn-north-1", "727897471807"},
                                                {"cn-northwest-1", "727897471807"},
                                                {"eu-central-1"},
                                                {"eu-central-2", "380420809688"},
                                                {"eu-north-1"},
                                                {"eu-south-1", "692866216735"},
                                                {"eu-south-2", "503227376785"},
                                                {"eu-west-1"},
                                                {"eu-west-2"},
                                                {"eu-west-3"},
                                                {"il-central-1", "780543022126"},
                                                {"me-central-1", "914824155844"},
                                                {"me-south-1", "217643126080"},
                                                {"mx-central-1", "637423239942"},
                                                {"sa-east-1"},
                                                {"us-east-1"},
                                                {"us-east-2"},
                                                {"us-gov-east-1", "446045086412"},
                                                {"us-gov-west-1", "442386744353"},
                                                {"us-iso-east-1", "886529160074"},
                                                {"us-isob-east-1", "094389454867"},
                                                {"us-isof-east-1", "303241398832"},
                                                {"us-isof-south-1", "454834333376"},
                                                {"us-west-1"},
                                                {"us-west-2"}});

const Region* find(std::string_view name) {
  const auto found = std::ranges::find(regions, name, &Region::name);
  return found == regions.end() ? nullptr : &*found;
}

}  // namespace

std::string deep_learning_container_in(const std::string& image, std::string_view region) {
  const std::string host = docker::registry_of(image);
  const Region* from = find(ecr_region(host));
  const Region* to = find(region);
  if (from == nullptr || to == nullptr || !host.starts_with(from->account)) return image;
  return std::string(to->account) + ".dkr.ecr." + std::string(to->name) + "." +
         std::string(aws::partition_of(region).dns_suffix) + image.substr(host.size());
}

}  // namespace smflow::cli
