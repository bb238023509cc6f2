#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

// JSON as Python's json module reads and writes it. The training toolkit is a Python program: what training programs
// expect in SM_* variables and on their command line is Python's text, down to the form of a float.
namespace smflow::runtime {

class PythonValue;
using PythonList = std::vector<PythonValue>;
using PythonDict = std::vector<std::pair<std::string, PythonValue>>;  // in file order, keys unique

// An integer of any size, as its decimal text.
struct PythonInt {
  std::string digits;
  bool operator==(const PythonInt&) const = default;
};

class PythonValue {
 public:
  PythonValue() = default;  // None
  PythonValue(bool value) : value_(value) {}
  PythonValue(int value) : value_(PythonInt{std::to_string(value)}) {}
  PythonValue(PythonInt value) : value_(std::move(value)) {}
  PythonValue(double value) : value_(value) {}
  PythonValue(std::string value) : value_(std::move(value)) {}
  PythonValue(const char* value) : value_(std::string(value)) {}
  PythonValue(PythonList value) : value_(std::move(value)) {}
  PythonValue(PythonDict value) : value_(std::move(value)) {}

  bool is_none() const { return std::holds_alternative<std::monostate>(value_); }
  const bool* as_bool() const { return std::get_if<bool>(&value_); }
  const PythonInt* as_int() const { return std::get_if<PythonInt>(&value_); }
  const double* as_float() const { return std::get_if<double>(&value_); }
  const std::string* as_text() const { return std::get_if<std::string>(&value_); }
  const PythonList* as_list() const { return std::get_if<PythonList>(&value_); }
  const PythonDict* as_dict() const { return std::get_if<PythonDict>(&value_); }

 private:
  std::variant<std::monostate, bool, PythonInt, double, std::string, PythonList, PythonDict> value_;
};

// json.loads: RFC 8259 and NaN, Infinity, -Infinity, integers of any size, numbers that overflow to infinity. Of equal
// keys the last counts. Nothing when the text is not JSON, holds a lone surrogate or NUL (no variable can carry it), or
// nests deeper than 100.
std::optional<PythonValue> parse_python_json(std::string_view text);

// json.dumps with sorted keys, no spaces, and everything outside ASCII as \uXXXX.
std::string python_json(const PythonValue& value);

// repr(): ['a', 1.0, None, {'k': True}].
std::string python_repr(const PythonValue& value);

// str(): as repr(), but text is itself.
std::string python_str(const PythonValue& value);

// repr() of a float: shortest text that reads back equal; 1.0, 1e-05, 1e+16, inf, nan.
std::string python_float(double value);

}  // namespace smflow::runtime
