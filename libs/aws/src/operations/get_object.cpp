#include "operations/s3_call.hpp"

#include <smflow/aws/protocol.hpp>

namespace smflow::aws {

namespace {

std::string text_of(const ByteRange& range) {
  return std::to_string(range.first) + "-" + std::to_string(range.first + range.length - 1);
}

// The object's size when the answer is the range asked for: "bytes 0-9/100".
std::optional<std::uint64_t> size_of_range(const ApiAnswer& answer, const ByteRange& range) {
  const std::string text = header_of(answer, "Content-Range");
  const std::string expected = "bytes " + text_of(range) + "/";
  if (answer.response.status != 206 || !text.starts_with(expected)) return std::nullopt;
  return parse_number(std::string_view(text).substr(expected.size()));
}

}  // namespace

Outcome<GetObjectOutput> get_object(Client& client, const GetObjectInput& input) {
  ApiCall call = object_call("GetObject", "GET", input.object, input.cancel);
  call.sink = input.sink;
  ask_for_checksum(client, call);
  if (input.range) call.headers.push_back({"Range", "bytes=" + text_of(*input.range)});
  if (!input.if_match.empty()) call.headers.push_back({"If-Match", input.if_match});
  auto answer = client.call(call);
  if (!answer) return tl::unexpected(std::move(answer).error());
  const auto size =
      input.range ? size_of_range(*answer, *input.range) : parse_number(header_of(*answer, "Content-Length"));
  if (!size)
    return tl::unexpected(bad_answer(client, call.operation, *answer, "the answer is not the bytes asked for"));
  GetObjectOutput output{head_in(client, *answer), std::move(answer->response.body)};
  output.head.size = *size;
  const std::uint64_t wanted = input.range ? input.range->length : *size;
  if (!input.sink && output.body.size() != wanted) {
    return tl::unexpected(bad_answer(client, call.operation, *answer, "the answer is not as long as it says"));
  }
  return output;
}

}  // namespace smflow::aws
