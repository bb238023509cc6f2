#include "random_config.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <smflow/config/pattern.hpp>

namespace smflow::config::test {

namespace {

class Generator {
 public:
  explicit Generator(std::mt19937_64& random) : random_(random) {}

  Value value(const Field& field) {
    if (field.type.optional && below(4) == 0) return {};
    if (field.type.list) {
      Value::List list;
      for (std::size_t i = below(4); i > 0; --i) list.push_back(scalar(field));
      return {list};
    }
    if (field.type.kind != Kind::mapping) return scalar(field);
    TextMap names;
    for (std::size_t i = below(4); i > 0; --i) names[any_text()] = any_text();
    return {names};
  }

  std::size_t below(std::size_t limit) { return static_cast<std::size_t>(random_() % limit); }

 private:
  Value scalar(const Field& field) {
    switch (field.type.kind) {
      case Kind::boolean:
        return {below(2) == 1};
      case Kind::integer:
        return {whole(field)};
      case Kind::number:
        return {number(field.about)};
      default:
        return {text(field)};
    }
  }

  std::int64_t whole(const Field& field) {
    using Limits = std::numeric_limits<std::int64_t>;
    const bool narrow = field.type.fits_int;
    const auto bound = [&](const std::optional<double>& limit, std::int64_t otherwise) {
      return limit ? static_cast<std::int64_t>(*limit) : otherwise;
    };
    const std::int64_t least = bound(field.about.min, narrow ? std::numeric_limits<int>::min() : Limits::min());
    const std::int64_t most = bound(field.about.max, narrow ? std::numeric_limits<int>::max() : Limits::max());
    const std::int64_t near = static_cast<std::int64_t>(below(20)) - 10;
    if (below(3) == 0) return std::clamp(near, least, most);
    return std::uniform_int_distribution<std::int64_t>(least, most)(random_);
  }

  double number(const About& about) {
    if (about.min && about.max) return std::uniform_real_distribution<double>(*about.min, *about.max)(random_);
    const double any =
        std::ldexp(std::uniform_real_distribution<double>(-1, 1)(random_), static_cast<int>(below(600)) - 300);
    return std::clamp(any, about.min.value_or(any), about.max.value_or(any));
  }

  std::string text(const Field& field) {
    const About& about = field.about;
    if (!about.one_of.empty()) return about.one_of[below(about.one_of.size())];
    if (about.pattern.empty()) return any_text();
    const auto pattern = Pattern::compile(about.pattern);
    const auto* standard = std::get_if<std::string>(&field.default_value.data);
    for (int i = 0; i < 20; ++i) {
      if (const std::string text = any_text(); pattern->matches(text)) return text;
    }
    // An element of a list has no default to fall back on, and the patterns of lists take any word.
    if (field.type.list) return word();
    if (standard == nullptr || !pattern->matches(*standard)) return pattern->matches("") ? "" : about.example;
    return about.example.empty() || below(2) == 0 ? *standard : about.example;
  }

  std::string word() {
    static constexpr std::string_view letters = "abcxyzABCXYZ0189";
    std::string text(1 + below(8), 'x');
    for (char& c : text) c = letters[below(letters.size())];
    return text;
  }

  std::string any_text() {
    static const std::vector<std::string> odd = {"",
                                                 "no",
                                                 "true",
                                                 "null",
                                                 "~",
                                                 "1.10",
                                                 "010",
                                                 "1e-4",
                                                 "2024-01-01",
                                                 "12:30",
                                                 "- a",
                                                 "a: b",
                                                 "# x",
                                                 "a #b",
                                                 "'",
                                                 "\"",
                                                 "\\",
                                                 "{a}",
                                                 "[a]",
                                                 "&a",
                                                 "*a",
                                                 "!t",
                                                 "|",
                                                 ">",
                                                 "%x",
                                                 "@x",
                                                 "`x",
                                                 "<<",
                                                 " pad ",
                                                 "\n",
                                                 "a\nb",
                                                 "\ttab\t",
                                                 "=",
                                                 "...",
                                                 "---",
                                                 "?",
                                                 "\xC2\x85",
                                                 "\xE2\x80\xA8",
                                                 "\xE2\x80\xA9",
                                                 "\xEF\xBB\xBF",
                                                 "\xC2\xA0",
                                                 "\x01\x1b[31m",
                                                 "\x7f",
                                                 "\xEF\xBF\xBE",
                                                 "0x10",
                                                 ".inf"};
    std::string text;
    for (std::size_t parts = below(3); parts > 0; --parts) {
      text += below(2) == 0 ? odd[below(odd.size())] : characters();
    }
    return text;
  }

  std::string characters() {
    std::string text;
    for (std::size_t i = below(12); i > 0; --i) {
      const std::uint32_t most[] = {0x7F, 0x7FF, 0xFFFF, 0x10FFFF};
      std::uint32_t code = 1 + static_cast<std::uint32_t>(below(most[below(4)]));
      if (code >= 0xD800 && code <= 0xDFFF) code = 'x';
      append(text, code);
    }
    return text;
  }

  static void append(std::string& text, std::uint32_t code) {
    const auto byte = [&](std::uint32_t value) { text += static_cast<char>(value); };
    if (code < 0x80) return byte(code);
    if (code < 0x800) {
      byte(0xC0 | code >> 6);
    } else if (code < 0x10000) {
      byte(0xE0 | code >> 12);
      byte(0x80 | (code >> 6 & 0x3F));
    } else {
      byte(0xF0 | code >> 18);
      byte(0x80 | (code >> 12 & 0x3F));
      byte(0x80 | (code >> 6 & 0x3F));
    }
    byte(0x80 | (code & 0x3F));
  }

  std::mt19937_64& random_;
};

bool is_unset(const Value& value) {
  return value.is_null() || value == Value{std::string{}};
}

}  // namespace

Config random_config(const SchemaPtr& schema, std::mt19937_64& random) {
  Generator generator(random);
  Config config(schema);
  for (std::size_t i = 0; i < schema->fields.size(); ++i) {
    const Field& field = schema->fields[i];
    if (!field.about.required && generator.below(2) == 0) continue;
    Value value = generator.value(field);
    while (field.about.required && is_unset(value)) value = generator.value(field);
    config.assign(i, std::move(value),
                  {.source = Origin::Source::command_line, .text = "--set " + field.path() + "=random"});
  }
  return config;
}

}  // namespace smflow::config::test
