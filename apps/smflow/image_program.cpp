#include "image_program.hpp"

#include <vector>

#include <smflow/base/text.hpp>

namespace smflow::cli {

namespace {

constexpr const char* check = "program";

std::vector<std::string> candidates(const plan::JobPlan& plan, const docker::ImageInfo& image) {
  if (!plan.program.empty()) return {plan.program};
  for (const auto* environment : {&plan.environment, &image.environment}) {
    const auto named = environment->find("SAGEMAKER_PROGRAM");
    if (named != environment->end() && !named->second.empty()) return {named->second};
  }
  return {"main", "main.py", "main.sh"};
}

preflight::Finding missing(const plan::JobPlan& plan, const std::vector<std::string>& names) {
  return {.check = check,
          .severity = preflight::Severity::error,
          .report = {.code = "E234",
                     .exit = ExitCode::configuration,
                     .message = "the image '" + plan.image_uri + "' on this machine has no " + join(names, ", no ") +
                                " below /opt/ml/code",
                     .fix = "name its program in CONTAINER.PROGRAM, or build it again: smflow build"},
          .option = "CONTAINER.PROGRAM"};
}

}  // namespace

std::optional<preflight::Finding> check_image_program(const docker::Engine& engine, const plan::JobPlan& plan) {
  const bool other_code = plan.target != plan::Target::sagemaker &&
                          (plan.local.code_is_given || plan.local.engine == plan::LocalEngine::process);
  if (plan.image_uri.empty() || other_code) return std::nullopt;
  const auto image = engine.inspect_image(plan.image_uri);
  if (!image || !*image) return std::nullopt;
  const std::vector<std::string> names = candidates(plan, **image);
  for (const std::string& name : names) {
    const auto there = engine.tar_of((*image)->id, "/opt/ml/code/" + name);
    if (!there) return std::nullopt;
    if (*there) return preflight::Finding{.check = check, .report = {.code = {}, .message = name + " is in the image"}};
  }
  return missing(plan, names);
}

}  // namespace smflow::cli
