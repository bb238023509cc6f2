#include "operations/ecr_input.hpp"
#include "operations/json_answer.hpp"

namespace smflow::aws {

namespace {

ImageDetail detail_of(const Json& answer) {
  const Json& one = list_at(answer, "imageDetails").at(0);
  ImageDetail detail{.digest = one.at("imageDigest").get<std::string>(),
                     .tags = {},
                     .pushed = time_at(one, "imagePushedAt"),
                     .manifest_type = text_at(one, "imageManifestMediaType")};
  if (const Json* size = member(one, "imageSizeInBytes")) detail.size = size->get_ref<const Json::number_unsigned_t&>();
  for (const Json& tag : list_at(one, "imageTags")) detail.tags.push_back(tag.get<std::string>());
  return detail;
}

}  // namespace

Outcome<ImageDetail> describe_image(Client& client, const RepositoryName& repository, const ImageId& image,
                                    std::stop_token cancel) {
  const std::string operation = "DescribeImages";
  return read_answer(client, operation, call_json(client, operation, image_input(repository, image), cancel),
                     detail_of);
}

}  // namespace smflow::aws
