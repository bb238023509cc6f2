#include "findings.hpp"

#include <smflow/base/text.hpp>
#include <smflow/preflight/image_schema.hpp>

namespace smflow::preflight {

std::optional<Finding> check_image_schema(const plan::JobPlan& plan, const std::string& image,
                                          const std::string& schema_of_image) {
  if (plan.config_schema.empty() || schema_of_image.empty()) return std::nullopt;
  constexpr const char* check = "config schema";
  if (plan.config_schema == schema_of_image) {
    return passed(check, "the training config was checked with the schema of the image");
  }
  return warned(check, "E238",
                "the training config was checked with another schema than that of the program in the image '" +
                    printable(image) + "'",
                "build the image again (smflow build), or name the code it was built from in LOCAL.CODE");
}

}  // namespace smflow::preflight
