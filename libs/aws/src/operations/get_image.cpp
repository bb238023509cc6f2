#include "operations/ecr_input.hpp"
#include "operations/json_answer.hpp"

namespace smflow::aws {

namespace {

// Without this list ECR converts what it can to the oldest form, and the answer is not what SageMaker will get.
Json accepted_types() {
  return Json::array({"application/vnd.docker.distribution.manifest.v2+json",
                      "application/vnd.docker.distribution.manifest.list.v2+json",
                      "application/vnd.oci.image.manifest.v1+json", "application/vnd.oci.image.index.v1+json"});
}

ImageManifest manifest_of(const Json& answer) {
  const Json& image = list_at(answer, "images").at(0);
  const Json* id = member(image, "imageId");
  return {.digest = id == nullptr ? std::string() : text_at(*id, "imageDigest"),
          .media_type = text_at(image, "imageManifestMediaType"),
          .text = image.at("imageManifest").get<std::string>()};
}

// The first of the failures that come with HTTP 200, if there is one.
std::optional<AwsError> failure_in(const Client& client, const std::string& operation, const Json& answer) {
  const Json& failures = list_at(answer, "failures");
  if (failures.empty()) return std::nullopt;
  AwsError error = bad_answer(client, operation, {}, text_at(failures.at(0), "failureReason"));
  error.code = text_at(failures.at(0), "failureCode");
  error.kind = error.code == "ImageNotFound" ? AwsError::Kind::not_found : AwsError::Kind::invalid;
  return error;
}

}  // namespace

Outcome<ImageManifest> get_image(Client& client, const RepositoryName& repository, const ImageId& image,
                                 std::stop_token cancel) {
  const std::string operation = "BatchGetImage";
  Json input = image_input(repository, image);
  input["acceptedMediaTypes"] = accepted_types();
  const auto answer = call_json(client, operation, input, cancel);
  const auto failure =
      read_answer(client, operation, answer, [&](const Json& json) { return failure_in(client, operation, json); });
  if (!failure) return tl::unexpected(failure.error());
  if (*failure) return tl::unexpected(**failure);
  return read_answer(client, operation, answer, manifest_of);
}

}  // namespace smflow::aws
