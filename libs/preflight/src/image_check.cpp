#include "checks.hpp"
#include "findings.hpp"
#include "instance_type.hpp"

#include <smflow/aws/partition.hpp>
#include <smflow/base/json.hpp>
#include <smflow/base/text.hpp>
#include <smflow/contract/contract.hpp>
#include <smflow/plan/create_training_job.hpp>
#include <smflow/preflight/image_name.hpp>
#include <smflow/preflight/image_schema.hpp>

namespace smflow::preflight {

namespace {

constexpr const char* check = "image";

class ImageCheck {
 public:
  explicit ImageCheck(const Subject& subject) : subject_(subject) {
    const std::string region = subject.services.region();
    uri_ = plan::full_image_uri(
        subject.plan,
        {.account = subject.caller.account, .region = region, .partition = std::string(aws::partition_of(region).id)});
  }

  Findings run() {
    const auto image = parse_ecr_image(uri_);
    if (!image) {
      return {
          error("E206", ExitCode::configuration, "is not in Amazon ECR", "push it to Amazon ECR and name it there")};
    }
    if (image->region != subject_.services.region()) return {elsewhere(image->region)};
    const auto manifest = subject_.services.image(image->repository, image->id);
    if (manifest) return examine(*manifest, image->repository);
    if (manifest.error().kind == aws::AwsError::Kind::not_found) return {missing(image->repository.name)};
    return {not_checked(check, manifest.error(), "ecr:BatchGetImage")};
  }

 private:
  Finding error(const char* code, ExitCode exit, const std::string& what, std::string fix) const {
    return failed(check, {.code = code, .exit = exit, .message = "image '" + uri_ + "' " + what, .fix = std::move(fix)},
                  subject_.plan.platform.image_is_full_uri ? "ECR.IMAGE_URI" : "ECR.IMAGE_NAME");
  }

  Finding elsewhere(const std::string& region) const {
    return error("E206", ExitCode::configuration, "is in " + region + ", and the job in " + subject_.services.region(),
                 "push it to the job's region, or set SAGEMAKER.REGION: " + region);
  }

  Finding missing(const std::string& repository) const {
    return error("E207", ExitCode::not_found, "is not there",
                 "aws ecr list-images --repository-name " + repository + " shows what is there; or push it");
  }

  Findings examine(const aws::ImageManifest& manifest, const aws::RepositoryName& repository) const {
    const auto json = parse_json(manifest.text, "the manifest", {.bytes = 4u << 20, .depth = 32});
    if (!json || !json->is_object()) return {unreadable("its manifest")};
    if (json->contains("manifests")) {
      return {error("E208", ExitCode::configuration, "is an index of several images, which SageMaker refuses",
                    "build for one platform: docker buildx build --platform linux/amd64 --provenance=false")};
    }
    const Json config_entry = json->value("config", Json());
    const Json digest = config_entry.is_object() ? config_entry.value("digest", Json()) : Json();
    if (!digest.is_string()) return {unreadable("its manifest")};
    const auto config = subject_.services.image_config(repository, digest.get<std::string>());
    if (!config) return {not_checked(check, config.error(), "ecr:GetDownloadUrlForLayer")};
    const auto read = parse_json(*config, "the image's config", {.bytes = 4u << 20, .depth = 64});
    if (!read || !read->is_object()) return {unreadable("its config")};
    Findings findings{compare_architecture(*read)};
    if (auto schema = check_image_schema(subject_.plan, uri_, schema_label(*read))) findings.push_back(*schema);
    return findings;
  }

  static std::string schema_label(const Json& config) {
    const Json* place = &config;
    for (const char* name : {"config", "Labels", contract::config_schema_label}) {
      if (!place->is_object() || !place->contains(name)) return {};
      place = &place->at(name);
    }
    return place->is_string() ? place->get<std::string>() : std::string();
  }

  Finding compare_architecture(const Json& config) const {
    const Json has = config.value("architecture", Json());
    if (!has.is_string()) return unreadable("its config");
    const std::string needs = architecture_of(subject_.plan.instance_type);
    if (has == needs) return passed(check, uri_ + " is for " + needs);
    return error("E209", ExitCode::configuration,
                 "is for " + printable(has.get<std::string>().substr(0, 40)) + ", and " + subject_.plan.instance_type +
                     " needs " + needs,
                 "docker buildx build --platform linux/" + needs + " --provenance=false");
  }

  static Finding unreadable(const std::string& what) {
    return warned(check, "E201", "image not checked: " + what + " cannot be understood", "look yourself");
  }

  const Subject& subject_;
  std::string uri_;
};

}  // namespace

Findings check_image(const Subject& subject) {
  return ImageCheck(subject).run();
}

}  // namespace smflow::preflight
