#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <smflow/base/error.hpp>

namespace smflow::aws {

// One value, or one level of nested values below an empty one ("s3 =" and indented lines).
struct IniValue {
  std::string text;
  std::map<std::string, std::string> nested = {};
};

struct IniSection {
  std::string name;                        // as between the brackets, trimmed
  std::map<std::string, IniValue> values;  // by lower-case key; of a key written twice the last
};

// The text of ~/.aws/config or ~/.aws/credentials, in the order written ("Configuration and credential file settings in
// the AWS CLI"). Lines that begin with '#' or ';' are comments, keys and values are separated by '=' or ':'; an
// indented line goes on with the value above, or nests in it when that is empty. `what` names the file in the error,
// E403.
Result<std::vector<IniSection>> parse_ini(std::string_view text, const std::string& what);

}  // namespace smflow::aws
