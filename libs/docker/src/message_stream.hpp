#pragma once

#include <functional>
#include <map>
#include <span>
#include <string>

#include <smflow/base/error.hpp>
#include <smflow/base/json.hpp>

namespace smflow::docker {

// Cuts the answer of a long call into its JSON messages, one a line. What comes is hostile: a line of more than 1 MiB,
// or one that is no object, is error E354.
class MessageStream {
 public:
  using Take = std::function<Result<void>(const Json&)>;
  explicit MessageStream(Take take) : take_(std::move(take)) {}

  Result<void> feed(std::span<const std::byte> piece);
  // The last message, which may lack its newline.
  Result<void> finish();

 private:
  Result<void> take_line(std::string_view line);

  Take take_;
  std::string rest_;
};

// The text of a member; empty when it is not there or is no text.
std::string text_in(const Json& object, const char* member);
// The members of a member that are texts.
std::map<std::string, std::string> texts_in(const Json& object, const char* member);
// The number of a member; 0 when it is not there or is none.
std::uint64_t number_in(const Json& object, const char* member);

}  // namespace smflow::docker
