#pragma once

#include "limits.hpp"
#include "node.hpp"
#include "source.hpp"

#include <optional>
#include <string>
#include <vector>

#include <smflow/base/error.hpp>
#include <smflow/config/schema.hpp>

namespace smflow::config {

// Turns what is written for one option into its value, by the schema alone: the option knows its type, so nothing is
// guessed. Reports every fault with its place, and what to write instead where that is clear.
class Decoder {
 public:
  // `assignment` is what a user types before a value here: "KEY: ", or "--set SECTION.KEY=".
  Decoder(const Field& field, const Source& source, std::string assignment)
      : field_(field), source_(source), assignment_(std::move(assignment)) {}

  // The value; none when there were errors.
  std::optional<Value> decode(const Node& node);

  std::vector<Error> errors = {};
  std::vector<Error> warnings = {};

 private:
  std::optional<Value> decode_scalar(const Node& node);
  std::optional<Value> decode_list(const Node& node);
  std::optional<Value> decode_mapping(const Node& node);
  std::optional<Value> checked(const Node& node, Value value);
  bool allowed(const Node& node, const Violation& violation);
  std::optional<Value> decode_boolean(const Node& node);
  template <class Native>
  std::optional<Value> decode_number(const Node& node);
  std::string respelt(const Node& node);
  std::string number_fix(const std::string& text, bool quoted) const;
  std::string list_meant(const std::string& text) const;

  std::optional<Value> fail(const Node& node, std::string code, std::string needed, const std::string& fix_value = {});
  std::optional<Value> wrong_type(const Node& node, const std::string& fix_value = {});
  std::string fix_text(const std::string& value) const;

  const Field& field_;
  const Source& source_;
  std::string assignment_;
  bool inside_list_ = false;
};

}  // namespace smflow::config
