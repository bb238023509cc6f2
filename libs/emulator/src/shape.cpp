#include "shape.hpp"

#include <algorithm>

#include <smflow/base/text.hpp>

namespace smflow::emulator {

namespace {

constexpr std::size_t most_violations = 10;
constexpr std::size_t shown_characters = 256;

std::int64_t characters(std::string_view text) {
  return std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
}

std::string lower_first(std::string name) {
  if (!name.empty() && name[0] >= 'A' && name[0] <= 'Z') name[0] = static_cast<char>(name[0] | 0x20);
  return name;
}

const char* type_name(const Json& value) {
  switch (value.type()) {
    case Json::value_t::object:
      return "START_OBJECT";
    case Json::value_t::array:
      return "START_ARRAY";
    case Json::value_t::string:
      return "STRING_VALUE";
    case Json::value_t::boolean:
      return value.get<bool>() ? "TRUE_VALUE" : "FALSE_VALUE";
    default:
      return "NUMBER_VALUE";
  }
}

const char* type_name(Shape::Kind kind) {
  switch (kind) {
    case Shape::Kind::text:
      return "a String";
    case Shape::Kind::integer:
      return "an Integer";
    case Shape::Kind::number:
      return "a Timestamp";
    case Shape::Kind::boolean:
      return "a Boolean";
    case Shape::Kind::list:
      return "a List";
    default:
      return "a Map";
  }
}

bool has_type(const Json& value, Shape::Kind kind) {
  switch (kind) {
    case Shape::Kind::text:
      return value.is_string();
    case Shape::Kind::integer:
      return value.is_number_integer() && !(value.is_number_unsigned() && value.get<std::uint64_t>() > INT64_MAX);
    case Shape::Kind::number:
      return value.is_number();
    case Shape::Kind::boolean:
      return value.is_boolean();
    case Shape::Kind::list:
      return value.is_array();
    default:
      return value.is_object();
  }
}

// The value as the service shows it: texts as they are, everything else as JSON.
std::string shown(const Json& value) {
  const std::string text =
      value.is_string() ? value.get<std::string>() : value.dump(-1, ' ', false, Json::error_handler_t::replace);
  const std::string_view start = utf8_prefix_characters(text, shown_characters);
  return std::string(start) + (start.size() < text.size() ? "..." : "");
}

class Checker {
 public:
  explicit Checker(const char* error_code) : error_code_(error_code) {}

  Answer check(const Json& request, const Shape& shape) {
    Json known = take(request, shape, "");
    if (wrong_type_) return tl::unexpected(*wrong_type_);
    if (violations_.empty()) return known;
    const std::size_t count = violations_.size();
    violations_.resize(std::min(count, most_violations));
    return tl::unexpected(ServiceError{error_code_, std::to_string(count) + " validation error" +
                                                        (count == 1 ? "" : "s") +
                                                        " detected: " + join(violations_, "; ")});
  }

 private:
  void violated(const std::string& value, const std::string& path, const std::string& constraint) {
    violations_.push_back("Value " + value + " at '" + path + "' failed to satisfy constraint: Member must " +
                          constraint);
  }

  void limits(std::int64_t size, const Shape& shape, const char* what, const Json& value, const std::string& path) {
    const auto outside = [&](const char* side, std::int64_t limit) {
      violated("'" + shown(value) + "'", path, what + std::string(side) + " than or equal to " + std::to_string(limit));
    };
    if (shape.most && size > *shape.most) outside("less", *shape.most);
    if (shape.least && size < *shape.least) outside("greater", *shape.least);
  }

  void text_rules(const Json& value, const Shape& shape, const std::string& path) {
    const std::string& text = value.get_ref<const std::string&>();
    if (!shape.choices.empty()) {
      if (std::find(shape.choices.begin(), shape.choices.end(), text) != shape.choices.end()) return;
      return violated("'" + shown(value) + "'", path, "satisfy enum value set: [" + join(shape.choices, ", ") + "]");
    }
    limits(characters(text), shape, "have length ", value, path);
    if (shape.pattern && !shape.pattern->matches(text)) {
      violated("'" + shown(value) + "'", path,
               std::string("satisfy regular expression pattern: ") + shape.pattern->text);
    }
  }

  Json take_structure(const Json& value, const Shape& shape, const std::string& path) {
    Json known = Json::object();
    for (const Member& member : shape.members) {
      const std::string at = (path.empty() ? "" : path + ".") + lower_first(member.name);
      const auto found = value.find(member.name);
      if (found != value.end() && !found->is_null()) {
        known[member.name] = take(*found, member.shape, at);
      } else if (member.required) {
        violated("null", at, "not be null");
      }
    }
    return known;
  }

  Json take_list(const Json& value, const Shape& shape, const std::string& path) {
    limits(static_cast<std::int64_t>(value.size()), shape, "have length ", value, path);
    Json known = Json::array();
    for (std::size_t i = 0; i < value.size() && !wrong_type_; ++i) {
      known.push_back(take(value[i], shape.parts[0], path + "." + std::to_string(i + 1) + ".member"));
    }
    return known;
  }

  Json take_map(const Json& value, const Shape& shape, const std::string& path) {
    limits(static_cast<std::int64_t>(value.size()), shape, "have length ", value, path);
    Json known = Json::object();
    for (const auto& [key, entry] : value.items()) {
      if (entry.is_null()) continue;
      take(key, shape.parts[0], path + "." + key + ".key");
      known[key] = take(entry, shape.parts[1], path + "." + key + ".member");
      if (wrong_type_) break;
    }
    return known;
  }

  Json take(const Json& value, const Shape& shape, const std::string& path) {
    if (!has_type(value, shape.kind)) {
      wrong_type_ = ServiceError{"SerializationException", std::string(type_name(value)) + " can not be converted to " +
                                                               type_name(shape.kind) +
                                                               (path.empty() ? "" : " at '" + path + "'")};
      return {};
    }
    switch (shape.kind) {
      case Shape::Kind::text:
        text_rules(value, shape, path);
        return value;
      case Shape::Kind::integer:
        limits(value.get<std::int64_t>(), shape, "have value ", value, path);
        return value;
      case Shape::Kind::structure:
        return take_structure(value, shape, path);
      case Shape::Kind::list:
        return take_list(value, shape, path);
      case Shape::Kind::map:
        return take_map(value, shape, path);
      default:
        return value;
    }
  }

  const char* error_code_;
  std::vector<std::string> violations_;
  std::optional<ServiceError> wrong_type_;
};

}  // namespace

Shape text(std::int64_t least, std::int64_t most, std::optional<Pattern> pattern) {
  return {.kind = Shape::Kind::text, .least = least, .most = most, .pattern = pattern, .members = {}, .parts = {}};
}

Shape choice(std::vector<std::string> choices) {
  return {.kind = Shape::Kind::text, .choices = std::move(choices), .members = {}, .parts = {}};
}

Shape integer(std::optional<std::int64_t> least, std::optional<std::int64_t> most) {
  return {.kind = Shape::Kind::integer, .least = least, .most = most, .members = {}, .parts = {}};
}

Shape number() {
  return {.kind = Shape::Kind::number, .members = {}, .parts = {}};
}

Shape boolean() {
  return {.kind = Shape::Kind::boolean, .members = {}, .parts = {}};
}

Shape list(Shape element, std::int64_t least, std::int64_t most) {
  return {.kind = Shape::Kind::list, .least = least, .most = most, .members = {}, .parts = {std::move(element)}};
}

Shape map(Shape key, Shape value, std::int64_t most) {
  return {.kind = Shape::Kind::map, .most = most, .members = {}, .parts = {std::move(key), std::move(value)}};
}

Shape structure(std::vector<Member> members) {
  return {.kind = Shape::Kind::structure, .members = std::move(members), .parts = {}};
}

Member required(const char* name, Shape shape) {
  return {.name = name, .shape = std::move(shape), .required = true};
}

Answer checked(const Json& request, const Shape& shape, const char* error_code) {
  return Checker(error_code).check(request, shape);
}

}  // namespace smflow::emulator
