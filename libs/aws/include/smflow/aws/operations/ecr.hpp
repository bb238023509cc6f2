#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <smflow/aws/client.hpp>

// Operations of Amazon ECR (API version 2015-09-21) that smflow uses. Of one registry: that of the client's region.
namespace smflow::aws {

struct RepositoryName {
  std::string registry;  // the account's 12 digits; empty: the caller's
  std::string name;
};
struct ImageId {
  std::string tag = {};
  std::string digest = {};  // "sha256:..."; goes before the tag
};

struct ImageDetail {
  std::string digest;
  std::vector<std::string> tags;
  std::uint64_t size = 0;  // compressed bytes
  std::optional<WallTime> pushed;
  std::string manifest_type;
};
// DescribeImages of one image. Kind::not_found: no such repository, or no such image.
Outcome<ImageDetail> describe_image(Client& client, const RepositoryName& repository, const ImageId& image,
                                    std::stop_token cancel = {});

struct ImageManifest {
  std::string digest;
  std::string media_type;  // also of an index, which names several images
  std::string text;        // JSON
};
// BatchGetImage of one image. Kind::not_found: no such repository, or no such image (which AWS answers with HTTP 200).
Outcome<ImageManifest> get_image(Client& client, const RepositoryName& repository, const ImageId& image,
                                 std::stop_token cancel = {});

// GetDownloadUrlForLayer: where a layer or an image's config can be read for a few minutes, without a signature.
Outcome<std::string> get_download_url(Client& client, const RepositoryName& repository, const std::string& digest,
                                      std::stop_token cancel = {});

struct Repository {
  std::string name;
  std::string arn;
  std::string uri;  // "123456789012.dkr.ecr.eu-west-1.amazonaws.com/name"
};
// DescribeRepositories of one repository.
Outcome<Repository> describe_repository(Client& client, const RepositoryName& repository, std::stop_token cancel = {});

struct CreateRepositoryInput {
  std::string name;  // in the caller's registry
  bool immutable_tags = false;
  bool scan_on_push = false;
  std::map<std::string, std::string> tags = {};
};
// Kind::conflict when there is one of that name already.
Outcome<Repository> create_repository(Client& client, const CreateRepositoryInput& input, std::stop_token cancel = {});

// What a registry's HTTP API asks for. Never in a message.
struct RegistryLogin {
  std::string user;
  std::string password;
  std::string endpoint;  // "https://123456789012.dkr.ecr.eu-west-1.amazonaws.com"
  std::optional<WallTime> expires;
};
// GetAuthorizationToken: for every registry that the caller may read or write, for 12 hours.
Outcome<RegistryLogin> get_authorization_token(Client& client, std::stop_token cancel = {});

}  // namespace smflow::aws
