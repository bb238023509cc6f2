#include "local_image_check.hpp"

#include <optional>
#include <vector>

#include <smflow/base/text.hpp>
#include <smflow/contract/contract.hpp>
#include <smflow/preflight/image_schema.hpp>

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

std::optional<preflight::Finding> check_program(const docker::Engine& engine, const plan::JobPlan& plan,
                                                const docker::ImageInfo& image) {
  const std::vector<std::string> names = candidates(plan, image);
  for (const std::string& name : names) {
    const auto there = engine.tar_of(image.id, "/opt/ml/code/" + name);
    if (!there) return std::nullopt;
    if (*there) return preflight::Finding{.check = check, .report = {.code = {}, .message = name + " is in the image"}};
  }
  return missing(plan, names);
}

std::optional<preflight::Finding> check_schema(const plan::JobPlan& plan, const docker::ImageInfo& image) {
  const auto label = image.labels.find(contract::config_schema_label);
  if (label == image.labels.end()) return std::nullopt;
  return preflight::check_image_schema(plan, plan.image_uri, label->second);
}

}  // namespace

preflight::Findings check_local_image(const docker::Engine& engine, const plan::JobPlan& plan) {
  const bool other_code = plan.target != plan::Target::sagemaker &&
                          (plan.local.code_is_given || plan.local.engine == plan::LocalEngine::process);
  if (plan.image_uri.empty() || other_code) return {};
  const auto image = engine.inspect_image(plan.image_uri);
  if (!image || !*image) return {};
  preflight::Findings findings;
  for (auto& finding : {check_program(engine, plan, **image), check_schema(plan, **image)}) {
    if (finding) findings.push_back(*finding);
  }
  return findings;
}

}  // namespace smflow::cli
