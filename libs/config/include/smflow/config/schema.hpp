#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace smflow::config {

// Names to text: tags, environment variables. (An alias because a macro argument cannot hold the comma.)
using TextMap = std::map<std::string, std::string>;

// One value of one option: null, true/false, whole number, number, text, list of those, or names to text.
struct Value {
  using List = std::vector<Value>;
  std::variant<std::monostate, bool, std::int64_t, double, std::string, List, TextMap> data = {};

  bool is_null() const { return std::holds_alternative<std::monostate>(data); }
  bool operator==(const Value&) const = default;
};

enum class Kind { boolean, integer, number, text, mapping };

struct Type {
  Kind kind = Kind::text;
  bool list = false;      // a list of `kind`; never together with a mapping
  bool optional = false;  // null is allowed
  bool fits_int = false;  // a whole number that has to fit in 32 bits
  bool operator==(const Type&) const = default;
};

// Another way to write a value that is understood, with a warning: {"local-gpu", "local_gpu"}.
struct Spelling {
  std::string written;
  std::string meant;
  bool operator==(const Spelling&) const = default;
};

// What is known about an option besides its type and default. Designated initialisers must keep this order.
struct About {
  std::string doc = {};                        // one or two sentences; mandatory
  std::string unit = {};                       // "machines", "seconds"
  std::optional<double> min = {};              // of a number, of each element of a list
  std::optional<double> max = {};              // inclusive, as min
  std::vector<std::string> one_of = {};        // the only texts allowed; an enum fills this by itself
  std::string pattern = {};                    // the whole text matches; the syntax is that of config::Pattern
  std::string pattern_words = {};              // the pattern for people: "letters, digits and single dashes"
  std::string example = {};                    // a value as one writes it in the file
  bool required = false;                       // must be set; there is no sensible default
  std::string env = {};                        // the environment variable that sets it too
  std::vector<std::string> renamed_from = {};  // old keys, "KEY" or "SECTION.KEY"; taken with a warning
  std::string deprecated = {};                 // a sentence: why, and what to use; taken with a warning
  bool identity = true;                        // part of what makes two experiments the same
  std::vector<Spelling> spellings = {};        // other ways to write its values
  bool operator==(const About&) const = default;
};

struct Field {
  std::string section;
  std::string key;
  Type type = {};
  Value default_value = {};
  About about = {};

  std::string path() const { return section + "." + key; }
  bool operator==(const Field&) const = default;
};

struct Section {
  std::string name;
  std::string doc;
  bool operator==(const Section&) const = default;
};

// A relation between options, as data, so that it travels in the schema file.
//   when   "" (always), "S.K" (true, or set), "not S.K", or "S.K OP TEXT" with OP one of == != starts-with
//   left   an option
//   op     <= < >= > == != is-set starts-with
//   right  another option, or a value as written in a file; empty with is-set
//   why    a sentence for the user
struct Rule {
  std::string when;
  std::string left;
  std::string op;
  std::string right;
  std::string why;
  bool operator==(const Rule&) const = default;
};

// Everything known about one configuration: plain data, made from the declarations of a template (option.hpp) or read
// back from a JSON Schema file (documents.hpp). Fields stand in the order of the template, section by section.
struct Schema {
  std::string name;  // "sagemaker": messages say "the sagemaker configuration"
  std::string doc;
  std::vector<Section> sections = {};
  std::vector<Field> fields = {};
  std::vector<Rule> rules = {};

  std::optional<std::size_t> index_of(std::string_view path) const;
  const Field* find(std::string_view path) const;
  const Section* find_section(std::string_view section) const;
  bool operator==(const Schema&) const = default;
};
using SchemaPtr = std::shared_ptr<const Schema>;

// What a value of this field is, in words: "whole number from 1 to 100, in machines", "one of File, FastFile, Pipe".
std::string type_words(const Field& field);

// Faults of the schema itself, one sentence each; empty when it is sound: default and example within their limits,
// patterns compile, no path twice, a sentence for everything, rules that name options, no option named like a secret.
std::vector<std::string> faults(const Schema& schema);

// The schema, shared; throws std::logic_error with the faults when it has any. They are bugs of the template.
SchemaPtr sound(Schema schema);

}  // namespace smflow::config
