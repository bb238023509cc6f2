#pragma once

#include <optional>
#include <string>

#include <smflow/base/json.hpp>

// JSON knows no NaN and no infinity, and a metric may be either. In every document of ours they are the texts "NaN",
// "Infinity" and "-Infinity", as Python's json and JavaScript call them.
namespace smflow {

OrderedJson json_number(double value);

// None when `json` is neither a number nor one of the texts.
std::optional<double> number_of(const Json& json);
std::optional<double> number_of(const OrderedJson& json);

// The shortest decimal text that gives `value` back, or the text of what is no number.
std::string number_text(double value);

}  // namespace smflow
