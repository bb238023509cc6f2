#include "rules.hpp"

#include "decode.hpp"
#include "value_text.hpp"

#include <compare>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include <smflow/base/text.hpp>
#include <smflow/config/documents.hpp>

namespace smflow::config {

namespace {

constexpr const char* operators[] = {"<=", "<", ">=", ">", "==", "!=", "is-set", "starts-with"};

bool is_operator(const std::string& op) {
  for (const char* known : operators) {
    if (op == known) return true;
  }
  return false;
}

bool is_order(const std::string& op) {
  return op == "<" || op == "<=" || op == ">" || op == ">=";
}

bool is_number(const Field& field) {
  return !field.type.list && (field.type.kind == Kind::integer || field.type.kind == Kind::number);
}

// One side of a comparison, taken apart from the words of a rule.
struct Comparison {
  std::size_t left = 0;
  std::string op;
  std::optional<std::size_t> right_option;
  Value right;  // when it is no option
  bool negated = false;
};

std::optional<Value> literal(const Field& field, const std::string& text) {
  if (text.empty()) return Value{std::string{}};
  const Source source("", text);
  Field bare = field;
  bare.about = {};
  return Decoder(bare, source, "")
      .decode({.kind = Node::Kind::scalar, .offset = 0, .length = text.size(), .text = text});
}

Result<Comparison> comparison(const Schema& schema, const std::string& left, const std::string& op,
                              const std::string& right) {
  const auto fail = [](std::string why) { return tl::unexpected(Error{.code = "E051", .message = std::move(why)}); };
  const auto index = schema.index_of(left);
  if (!index) return fail(fmt::format("'{}' is no option", left));
  if (!is_operator(op)) return fail(fmt::format("'{}' is no operator", op));
  Comparison result{.left = *index, .op = op, .right_option = schema.index_of(right), .right = {}};
  const Field& field = schema.fields[*index];
  if (is_order(op) && (!is_number(field) || (result.right_option && !is_number(schema.fields[*result.right_option])))) {
    return fail(fmt::format("'{}' compares numbers only", op));
  }
  if (op == "starts-with" && (field.type.kind != Kind::text || field.type.list)) {
    return fail("starts-with compares texts only");
  }
  if (!result.right_option && op != "is-set") {
    auto value = literal(field, right);
    if (!value || (is_order(op) && right.empty())) return fail(fmt::format("'{}' is no value of '{}'", right, left));
    result.right = *std::move(value);
  }
  return result;
}

// "S.K", "not S.K" or "S.K OP TEXT".
Result<Comparison> condition(const Schema& schema, std::string_view when) {
  const bool negated = when.starts_with("not ");
  if (negated) when.remove_prefix(4);
  const std::size_t space = when.find(' ');
  const std::string left(when.substr(0, space));
  if (space == std::string_view::npos) {
    auto result = comparison(schema, left, "is-set", "");
    if (result) result->negated = negated;
    return result;
  }
  const std::size_t second = when.find(' ', space + 1);
  const std::string op(when.substr(space + 1, second == std::string_view::npos ? second : second - space - 1));
  const std::string right(second == std::string_view::npos ? std::string_view{} : when.substr(second + 1));
  if (negated || is_order(op) || op == "is-set") {
    return tl::unexpected(Error{.code = "E051", .message = fmt::format("'{}' is no condition", when)});
  }
  return comparison(schema, left, op, right);
}

// True, or anything but nothing.
bool is_set(const Value& value) {
  if (const auto* flag = std::get_if<bool>(&value.data)) return *flag;
  return !value.is_null() && value != Value{std::string{}} && value != Value{Value::List{}} &&
         value != Value{TextMap{}};
}

std::partial_ordering order(const Value& left, const Value& right) {
  const auto* a = std::get_if<std::int64_t>(&left.data);
  const auto* b = std::get_if<std::int64_t>(&right.data);
  if (a != nullptr && b != nullptr) return *a <=> *b;
  const auto number = [](const Value& value) -> std::optional<double> {
    if (const auto* whole = std::get_if<std::int64_t>(&value.data)) return static_cast<double>(*whole);
    if (const auto* fraction = std::get_if<double>(&value.data)) return *fraction;
    return std::nullopt;
  };
  const auto x = number(left), y = number(right);
  return x && y ? *x <=> *y : std::partial_ordering::unordered;
}

bool equal(const Value& left, const Value& right) {
  return left == right || order(left, right) == 0 || (!is_set(left) && right == Value{std::string{}});
}

const Value& right_value(const Config& config, const Comparison& test) {
  return test.right_option ? config.value(*test.right_option) : test.right;
}

// An option that is null breaks no comparison with a number or a beginning.
bool holds(const Config& config, const Comparison& test) {
  const Value& left = config.value(test.left);
  const Value& right = right_value(config, test);
  if (test.op == "is-set") return is_set(left) != test.negated;
  if (test.op == "==") return equal(left, right);
  if (test.op == "!=") return !equal(left, right);
  if (left.is_null() || right.is_null()) return true;
  if (test.op == "starts-with") {
    return std::get<std::string>(left.data).starts_with(std::get<std::string>(right.data));
  }
  const auto compared = order(left, right);
  if (test.op == "<") return compared < 0;
  if (test.op == "<=") return compared <= 0;
  return test.op == ">" ? compared > 0 : compared >= 0;
}

bool applies(const Config& config, const Comparison& test) {
  if (test.op != "is-set" && config.value(test.left).is_null()) return false;
  return holds(config, test);
}

std::string demand(const std::string& op, const std::string& right) {
  if (op == "is-set" || (op == "!=" && right.empty())) return "must be set";
  if (op == "==") return "must be " + right;
  if (op == "!=") return "must not be " + right;
  if (op == "starts-with") return "must start with " + right;
  if (op == ">=") return "must be at least " + right;
  if (op == "<=") return "must be at most " + right;
  return (op == ">" ? "must be more than " : "must be less than ") + right;
}

std::string when_words(const Config& config, const Comparison& test) {
  const Field& field = config.schema().fields[test.left];
  if (test.negated) return fmt::format("'{}' is not set", field.path());
  return fmt::format("'{}' is {}", field.path(), value_words(config.value(test.left)));
}

std::string state(const Config& config, std::size_t field) {
  return fmt::format("{} is {} ({})", config.schema().fields[field].key, value_words(config.value(field)),
                     config.origin(field).text);
}

// Something to type that would do: the bound itself, or the example.
std::string fix_for(const Config& config, const Comparison& test) {
  const Field& left = config.schema().fields[test.left];
  const Value& right = right_value(config, test);
  if ((test.op == ">=" || test.op == "<=" || test.op == "==") && right != Value{std::string{}}) {
    return fmt::format("write {}: {}", left.key, to_text(right));
  }
  return left.about.example.empty() ? std::string{} : fmt::format("write {}: {}", left.key, left.about.example);
}

Error broken(const Config& config, const Rule& rule, const Comparison& test,
             const std::optional<Comparison>& condition) {
  const std::string right = test.right_option ? "'" + rule.right + "'" : rule.right;
  std::string message = fmt::format("'{}' {}", rule.left, demand(test.op, right));
  if (condition) message += " when " + when_words(config, *condition);
  message += ": " + state(config, test.left);
  if (test.right_option) message += ", " + state(config, *test.right_option);
  message += "; " + rule.why;

  Error error{
      .code = "E031", .exit = ExitCode::configuration, .message = std::move(message), .fix = fix_for(config, test)};
  const auto place = [&](std::size_t field) {
    const Origin& origin = config.origin(field);
    if (!error.excerpt.empty() || origin.source == Origin::Source::standard) return;
    error.where = origin.where;
    error.excerpt = origin.excerpt;
  };
  place(test.left);
  if (test.right_option) place(*test.right_option);
  if (condition) place(condition->left);
  return error;
}

}  // namespace

void check_rules(Config& config) {
  const Schema& schema = config.schema();
  for (const Rule& rule : schema.rules) {
    std::optional<Comparison> when;
    if (!rule.when.empty()) when = value_or_throw(condition(schema, rule.when));
    if (when && !applies(config, *when)) continue;
    const Comparison test = value_or_throw(comparison(schema, rule.left, rule.op, rule.right));
    if (!holds(config, test)) config.report(broken(config, rule, test, when));
  }
}

std::string rule_fault(const Schema& schema, const Rule& rule) {
  const auto test = comparison(schema, rule.left, rule.op, rule.right);
  if (!test) return test.error().message;
  if (!rule.when.empty()) {
    if (const auto when = condition(schema, rule.when); !when) return when.error().message;
  }
  if (rule.why.empty()) return "it does not say why";
  return {};
}

}  // namespace smflow::config
