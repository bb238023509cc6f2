#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <smflow/emulator/service_error.hpp>

namespace smflow::emulator {

// What a text has to look like: the words of the API's model, and the test for it.
struct Pattern {
  const char* text;
  bool (*matches)(std::string_view value);
};

struct Member;

// The shape of a value in a request, as the API's model declares it. Built once with the functions below.
struct Shape {
  enum class Kind { text, integer, number, boolean, list, map, structure };
  Kind kind = Kind::text;
  std::optional<std::int64_t> least = {};  // length of a text in characters, of a list or map; value of an integer
  std::optional<std::int64_t> most = {};
  std::optional<Pattern> pattern = {};
  std::vector<std::string> choices = {};
  // Without initial values, which clang takes for a use of the types before they are complete.
  std::vector<Member> members;  // of a structure
  std::vector<Shape> parts;     // list: the element; map: key and value
};

struct Member {
  const char* name;
  Shape shape;
  bool required = false;
};

Shape text(std::int64_t least, std::int64_t most, std::optional<Pattern> pattern = {});
Shape choice(std::vector<std::string> choices);
Shape integer(std::optional<std::int64_t> least = {}, std::optional<std::int64_t> most = {});
Shape number();  // a time in seconds
Shape boolean();
Shape list(Shape element, std::int64_t least, std::int64_t most);
Shape map(Shape key, Shape value, std::int64_t most);
Shape structure(std::vector<Member> members);
Member required(const char* name, Shape shape);

// The members of `request` that the structure `shape` knows; null members count as absent, unknown ones are ignored, as
// the service does. A value of another JSON type is a SerializationException. Everything else that is wrong comes in
// one error, in the service's words: "2 validation errors detected: Value 'a' at 'resourceConfig.instanceCount' failed
// to satisfy constraint: Member must ...; Value ...", at most ten of them.
Answer checked(const Json& request, const Shape& shape, const char* error_code = "ValidationException");

}  // namespace smflow::emulator
