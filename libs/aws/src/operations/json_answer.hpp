#pragma once

#include <optional>

#include <smflow/aws/protocol.hpp>
#include <smflow/base/clock.hpp>

// Members of JSON answers. Absent and null are the same; a wrong type throws Json::exception.
namespace smflow::aws {

// The member, none when it is absent or null, or when `object` is no object.
const Json* member(const Json& object, const char* name);
std::string text_at(const Json& object, const char* name);  // "" when absent
// Seconds since 1970 as a number, also with a fraction.
std::optional<WallTime> time_at(const Json& object, const char* name);
// The elements of an array; none when it is absent.
const Json& list_at(const Json& object, const char* name);

// What `read` makes of the answer; an answer that it throws Json::exception at is the answer's error.
template <class Read>
auto read_answer(const Client& client, const std::string& operation, const Outcome<Json>& answer, Read read)
    -> Outcome<decltype(read(*answer))> {
  if (!answer) return tl::unexpected(answer.error());
  try {
    return read(*answer);
  } catch (const Json::exception& error) {
    return tl::unexpected(
        bad_answer(client, operation, {}, std::string("the answer is not as it should be: ") + error.what()));
  }
}

}  // namespace smflow::aws
