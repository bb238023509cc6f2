#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <smflow/base/json.hpp>
#include <smflow/plan/job_plan.hpp>
#include <smflow/records/run.hpp>

namespace smflow::records {

// A secret whose value is known, and the rule that stands in its place.
using KnownSecret = std::pair<std::string, std::string>;

// Values of the job's variables that are secret by name: a person may have written them anywhere, on the command line
// too. And the caller's own credentials.
std::vector<KnownSecret> known_secrets(const plan::JobPlan& plan, const std::vector<std::string>& own_secrets);

// Takes out of the texts of one record what must not leave this machine, whatever it is:
//   what has the form of a credential (redact());
//   the known secrets, wherever they stand, and their beginnings where a text was cut with "…";
//   long random words in a line that speaks of a secret, as a key that somebody wrote into the code.
// "[redacted:<rule>]" takes its place, and the list of redactions says where.
class SecretScan {
 public:
  explicit SecretScan(std::vector<KnownSecret> known) : known_(std::move(known)) {}

  std::string clean(std::string_view text, const std::string& where, std::vector<Redaction>& redactions) const;
  // Every text in `json`, each found at its path below `where`.
  OrderedJson clean_all(OrderedJson json, const std::string& where, std::vector<Redaction>& redactions) const;

 private:
  std::vector<KnownSecret> known_;
};

}  // namespace smflow::records
