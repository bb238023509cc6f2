#pragma once

#include <string>
#include <vector>

#include <smflow/base/error.hpp>

namespace smflow::preflight {

enum class Severity { passed, warning, error };
const char* to_string(Severity severity);

// What one check found.
struct Finding {
  std::string check;  // "image": the same for all findings of one check
  Severity severity = Severity::passed;
  Error report;             // of what passed only the message is set
  std::string option = {};  // the one to change, "ECR.TAG"; empty: none
};
using Findings = std::vector<Finding>;

}  // namespace smflow::preflight
