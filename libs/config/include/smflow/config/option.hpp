#pragma once

#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <smflow/config/schema.hpp>

// The typed front end. A template is a struct of sections, a section a struct of options:
//
//   CHOICE(InputMode, File, FastFile, Pipe)
//
//   struct SageMaker {
//     SECTION(SageMaker, "Where and how the training job runs.");
//     OPTION(int, instance_count, "How many machines train together.", .unit = "machines", .min = 1, .max = 100) = 1;
//     OPTION(InputMode, input_mode, "How the data reaches the container.") = InputMode::File;
//     OPTION(smflow::config::TextMap, tags, "Labels that AWS shows on the bill.", .identity = false);
//   };
//   struct SagemakerConfig {
//     CONFIGURATION(SagemakerConfig, "sagemaker", "One training job on Amazon SageMaker or on this machine.");
//     GROUP(SageMaker, sagemaker);
//     static std::vector<smflow::config::Rule> rules() { return {...}; }  // may be left out
//   };
//
// The member `sagemaker.instance_count` is the key SAGEMAKER.INSTANCE_COUNT. Types: bool, int, std::int64_t, double,
// std::string, an enum with CHOICE, std::optional<T> and std::vector<T> of those, and TextMap. The words after the
// sentence are the fields of About, in its order; a comma in a type needs an alias.

// An enum whose enumerators are the texts in the file; one trailing underscore is dropped, so that `auto_` is "auto".
#define CHOICE(Name, ...)          \
  enum class Name { __VA_ARGS__ }; \
  CHOICE_TEXT(Name, #__VA_ARGS__)
// The texts of an enum that exists already, in the order of its enumerators, which count from 0 without gaps.
#define CHOICE_TEXT(Name, TEXTS)                           \
  constexpr const char* smflow_choice_texts(const Name&) { \
    return TEXTS;                                          \
  }

#define SECTION(Self, DOC)                                                                                           \
  static_assert(::smflow::config::detail::is_sentence(DOC), "say in a sentence with a full stop what " #Self " is"); \
  using smflow_self = Self;                                                                                          \
  static const char* smflow_doc() {                                                                                  \
    return DOC;                                                                                                      \
  }                                                                                                                  \
  static ::smflow::config::detail::Index<0> smflow_count(::smflow::config::detail::Rank<0>)

#define CONFIGURATION(Self, NAME, DOC) \
  static const char* smflow_name() {   \
    return NAME;                       \
  }                                    \
  SECTION(Self, DOC)

#define OPTION(TYPE, member, DOC, ...)                                       \
  static_assert(::smflow::config::detail::is_sentence(DOC),                  \
                "say in a sentence with a full stop what " #member " does"); \
  SMFLOW_CONFIG_MEMBER(TYPE, member, (::smflow::config::About{.doc = DOC __VA_OPT__(, ) __VA_ARGS__}))

#define GROUP(TYPE, member) SMFLOW_CONFIG_MEMBER(TYPE, member, ::smflow::config::About{})

// Members are counted by overload ranking: each declares a better overload of smflow_count, so that the next one sees a
// number greater by one. Nothing can end the list silently, as another use of __COUNTER__ in between would.
#define SMFLOW_CONFIG_MEMBER(TYPE, member, ABOUT)                                                              \
  static constexpr int smflow_index_of_##member =                                                              \
      decltype(smflow_count(::smflow::config::detail::Rank<::smflow::config::detail::most_members>{}))::value; \
  static ::smflow::config::detail::Index<smflow_index_of_##member + 1> smflow_count(                           \
      ::smflow::config::detail::Rank<smflow_index_of_##member + 1>);                                           \
  static auto smflow_member(::smflow::config::detail::Index<smflow_index_of_##member>) {                       \
    return ::smflow::config::detail::Member<smflow_self, TYPE>{&smflow_self::member, #member, ABOUT};          \
  }                                                                                                            \
  TYPE member

namespace smflow::config {

namespace detail {

inline constexpr int most_members = 200;
template <int Number>
struct Rank : Rank<Number - 1> {};
template <>
struct Rank<0> {};
template <int Number>
using Index = std::integral_constant<int, Number>;

template <class Owner, class MemberType>
struct Member {
  MemberType Owner::*pointer;
  const char* name;
  About about;
};

constexpr bool is_sentence(std::string_view doc) {
  return doc.size() >= 10 && doc.ends_with('.');
}

template <class Owner>
constexpr int member_count = decltype(Owner::smflow_count(Rank<most_members>{}))::value;

std::string key_of(const char* member);
std::vector<std::string> split_choices(const char* texts);
void add_field(Schema& schema, const char* member, Type type, Value value, About about);
void add_section(Schema& schema, const char* member, const char* doc);

// How a C++ type is declared, stored as a Value, and loaded from one that was checked against its field.
template <class Native, class Enable = void>
struct Codec {
  static_assert(!std::is_same_v<Native, Native>,
                "an option is a bool, int, std::int64_t, double, std::string, enum with CHOICE, std::optional or "
                "std::vector of those, or TextMap");
};
template <class Native, Kind kind_, bool fits_int_ = false>
struct ScalarCodec {
  static Type type() { return {.kind = kind_, .fits_int = fits_int_}; }
  static std::vector<std::string> choices() { return {}; }
};
template <>
struct Codec<bool> : ScalarCodec<bool, Kind::boolean> {
  static Value store(bool native) { return {native}; }
  static bool load(const Value& value) { return std::get<bool>(value.data); }
};
template <>
struct Codec<int> : ScalarCodec<int, Kind::integer, true> {
  static Value store(int native) { return {std::int64_t{native}}; }
  static int load(const Value& value) { return static_cast<int>(std::get<std::int64_t>(value.data)); }
};
template <>
struct Codec<std::int64_t> : ScalarCodec<std::int64_t, Kind::integer> {
  static Value store(std::int64_t native) { return {native}; }
  static std::int64_t load(const Value& value) { return std::get<std::int64_t>(value.data); }
};
template <>
struct Codec<double> : ScalarCodec<double, Kind::number> {
  static Value store(double native) { return {native}; }
  static double load(const Value& value) { return std::get<double>(value.data); }
};
template <>
struct Codec<std::string> : ScalarCodec<std::string, Kind::text> {
  static Value store(const std::string& native) { return {native}; }
  static std::string load(const Value& value) { return std::get<std::string>(value.data); }
};
template <>
struct Codec<TextMap> : ScalarCodec<TextMap, Kind::mapping> {
  static Value store(const TextMap& native) { return {native}; }
  static TextMap load(const Value& value) { return std::get<TextMap>(value.data); }
};
template <class Native>
struct Codec<Native, std::enable_if_t<std::is_enum_v<Native>>> {
  static Type type() { return {.kind = Kind::text}; }
  static std::vector<std::string> choices() { return split_choices(smflow_choice_texts(Native{})); }
  static Value store(Native native) { return {choices().at(static_cast<std::size_t>(native))}; }
  static Native load(const Value& value) {
    const std::vector<std::string> texts = choices();
    std::size_t index = 0;
    while (index < texts.size() && texts[index] != std::get<std::string>(value.data)) ++index;
    return static_cast<Native>(index);
  }
};
template <class Native>
struct Codec<std::optional<Native>> {
  static Type type() {
    Type type = Codec<Native>::type();
    type.optional = true;
    return type;
  }
  static std::vector<std::string> choices() { return Codec<Native>::choices(); }
  static Value store(const std::optional<Native>& native) { return native ? Codec<Native>::store(*native) : Value{}; }
  static std::optional<Native> load(const Value& value) {
    return value.is_null() ? std::optional<Native>{} : Codec<Native>::load(value);
  }
};
template <class Native>
struct Codec<std::vector<Native>> {
  static Type type() {
    Type type = Codec<Native>::type();
    static_assert(!std::is_same_v<Native, TextMap>, "a list of mappings is not an option; use a TextMap");
    type.list = true;
    return type;
  }
  static std::vector<std::string> choices() { return Codec<Native>::choices(); }
  static Value store(const std::vector<Native>& native) {
    Value::List list;
    for (const Native& element : native) list.push_back(Codec<Native>::store(element));
    return {list};
  }
  static std::vector<Native> load(const Value& value) {
    std::vector<Native> native;
    for (const Value& element : std::get<Value::List>(value.data)) native.push_back(Codec<Native>::load(element));
    return native;
  }
};

template <class Owner, class Visitor, int... index>
void visit_members(Visitor&& visitor, std::integer_sequence<int, index...>) {
  (visitor(Owner::smflow_member(Index<index>{})), ...);
}
template <class Owner, class Visitor>
void visit_members(Visitor&& visitor) {
  detail::visit_members<Owner>(visitor, std::make_integer_sequence<int, member_count<Owner>>{});
}

template <class Options>
void describe_section(Schema& schema, const char* member) {
  detail::add_section(schema, member, Options::smflow_doc());
  const Options defaults{};
  detail::visit_members<Options>([&]<class Native>(Member<Options, Native> option) {
    if (option.about.one_of.empty()) option.about.one_of = Codec<Native>::choices();
    detail::add_field(schema, option.name, Codec<Native>::type(), Codec<Native>::store(defaults.*option.pointer),
                      std::move(option.about));
  });
}

template <class Template>
Schema describe() {
  Schema schema{.name = Template::smflow_name(), .doc = Template::smflow_doc()};
  detail::visit_members<Template>([&]<class Options>(const Member<Template, Options>& group) {
    detail::describe_section<Options>(schema, group.name);
  });
  if constexpr (requires { Template::rules(); }) schema.rules = Template::rules();
  return schema;
}

}  // namespace detail

// The schema of a template, made and checked on the first call. Safe to call from several threads.
template <class Template>
const SchemaPtr& schema_of() {
  static const SchemaPtr schema = sound(detail::describe<Template>());
  return schema;
}

// The struct filled from `value_of`, which returns the checked value of a path.
template <class Template, class ValueOf>
Template fill(ValueOf&& value_of) {
  Template filled{};
  detail::visit_members<Template>([&]<class Options>(const detail::Member<Template, Options>& group) {
    Options& options = filled.*group.pointer;
    const std::string section = detail::key_of(group.name) + ".";
    detail::visit_members<Options>([&]<class Native>(const detail::Member<Options, Native>& option) {
      options.*option.pointer = detail::Codec<Native>::load(value_of(section + detail::key_of(option.name)));
    });
  });
  return filled;
}

}  // namespace smflow::config
