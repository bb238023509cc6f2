#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <smflow/contract/contract.hpp>
#include <smflow/runtime/python_value.hpp>

namespace smflow::runtime {

// Hyperparameters with their values decoded, in the toolkit's three sets, each sorted by name in code-point order.
struct DecodedHyperparameters {
  using Set = std::map<std::string, PythonValue>;
  Set user;       // for the program: arguments, SM_HPS, SM_HP_*
  Set framework;  // other names that start with "sagemaker_": SM_FRAMEWORK_PARAMS
  Set reserved;   // read by the entrypoint and passed on to nobody
};

// A value that is not JSON in Python's dialect stays the text it is.
DecodedHyperparameters decode_hyperparameters(const contract::Hyperparameters& hyperparameters);

// A reserved or framework value as text, `otherwise` when missing or null.
std::string text_of(const DecodedHyperparameters::Set& set, const std::string& name, std::string otherwise = {});

// "--epochs", "12", "-v", "x": two items each, one dash for a name of one character, an empty item for an empty name.
// Lists are Python's repr(), objects "a=1,b=2", null is empty, booleans are True and False.
std::vector<std::string> to_arguments(const DecodedHyperparameters::Set& user);

// The value of SM_HP_<NAME>: null is empty, text is itself, everything else compact JSON.
std::string to_variable(const PythonValue& value);

PythonValue to_dict(const DecodedHyperparameters::Set& set);

}  // namespace smflow::runtime
