#pragma once

#include <smflow/aws/operations/ecr.hpp>
#include <smflow/base/json.hpp>

namespace smflow::aws {

// {"repositoryName"} and, for a registry other than the caller's, "registryId".
Json repository_input(const RepositoryName& repository);
// The same with "imageIds" of one image.
Json image_input(const RepositoryName& repository, const ImageId& image);
Repository repository_of(const Json& answer);

}  // namespace smflow::aws
