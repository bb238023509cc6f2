#include "push_failure.hpp"

#include "failure.hpp"

#include <smflow/base/text.hpp>
#include <smflow/docker/names.hpp>

namespace smflow::docker {

namespace {

constexpr std::size_t longest_reason = 4096;

std::string refusal(const std::string& repository, const std::string& why) {
  return "the registry refuses '" + printable(repository) + "': " + printable(utf8_prefix(trim(why), longest_reason));
}

// Amazon ECR and Harbor.
bool says_immutable(const std::string& why) {
  return says_any_of(why, {"cannot be overwritten", "is immutable", "as immutable", "ImageTagAlreadyExistsException"});
}

// OCI Distribution Specification, "Error Codes", and what Docker and Podman make of the statuses 401 and 403. That the
// engine may not do something itself ("permission denied") is none of these.
bool says_denied(const std::string& why) {
  return trim(why) == "denied" ||
         says_any_of(why,
                     {"unauthorized", "denied: ", "is denied", "access denied", "no basic auth credentials",
                      "authentication required", "authorization failed", "403 forbidden", "http 401", "http 403",
                      "status 401", "status 403", "status: 401", "status: 403", "status code 401", "status code 403"});
}

Error denied(const std::string& repository, const std::string& why) {
  const std::string registry = registry_of(repository);
  const bool is_ecr = registry.find(".dkr.ecr") != std::string::npos;
  return {.code = "E394",
          .exit = ExitCode::permission,
          .message = refusal(repository, why),
          .fix = is_ecr ? "run smflow build again, which signs in to Amazon ECR itself; or allow the AWS identity to "
                          "push: ecr:PutImage, ecr:InitiateLayerUpload, ecr:UploadLayerPart, ecr:CompleteLayerUpload, "
                          "ecr:BatchCheckLayerAvailability"
                        : "sign in as somebody who may push: docker login" +
                              (registry.empty() ? "" : " " + shell_quote(printable(registry)))};
}

Error taken(const std::string& repository, const std::string& why) {
  return {.code = "E395",
          .exit = ExitCode::conflict,
          .message = refusal(repository, why),
          .fix = "take another tag: this repository keeps what a tag was pushed with first"};
}

}  // namespace

std::optional<Error> known_push_failure(const std::string& repository, const std::string& why) {
  if (says_full_disk(why)) return full_disk("'" + repository + "' is not pushed: " + why);
  if (says_immutable(why)) return taken(repository, why);
  if (says_denied(why)) return denied(repository, why);
  return std::nullopt;
}

Error failed_push(const std::string& repository, const std::string& why) {
  if (auto known = known_push_failure(repository, why)) return *std::move(known);
  return {.code = "E356",
          .exit = ExitCode::service,
          .message = refusal(repository, why),
          .fix = "run the same command again: layers that arrived are not sent twice"};
}

}  // namespace smflow::docker
