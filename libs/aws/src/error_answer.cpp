#include "error_answer.hpp"

#include "xml.hpp"

#include <smflow/base/json.hpp>
#include <smflow/base/text.hpp>

namespace smflow::aws {

namespace {

constexpr std::size_t longest_message = 2000;

std::string text_member(const Json& object, std::initializer_list<const char*> names) {
  for (const char* name : names) {
    const auto found = object.find(name);
    if (found != object.end() && found->is_string()) return found->get<std::string>();
  }
  return {};
}

// "com.amazonaws.sagemaker#ValidationException:http://..." -> "ValidationException".
std::string plain_code(std::string_view code) {
  code = code.substr(0, code.find(':'));
  return std::string(trim(code.substr(code.rfind('#') + 1)));
}

bool read_json(const std::string& body, ErrorAnswer& answer) {
  const auto json = parse_json(body, "answer", {.bytes = 1u << 20, .depth = 32});
  if (!json || !json->is_object()) return false;
  answer.code = text_member(*json, {"__type", "code", "Code", "error"});
  answer.message = text_member(*json, {"message", "Message", "errorMessage", "error_description"});
  return true;
}

bool read_xml(const std::string& body, ErrorAnswer& answer) {
  const auto document = parse_xml(body);
  if (!document) return false;
  const pugi::xml_node root = document->document_element();
  pugi::xml_node error = root;
  if (std::string_view(root.name()) != "Error")
    error = root.child("Error") ? root.child("Error") : root.child("Errors").child("Error");
  if (!error) return false;
  answer.code = child_text(error, "Code");
  answer.message = child_text(error, "Message");
  answer.region = child_text(error, "Region");
  answer.request_id = child_text(error, "RequestId");
  if (answer.request_id.empty()) answer.request_id = child_text(root, "RequestId");
  return true;
}

}  // namespace

std::string request_id_of(const http::Response& response) {
  for (const char* name : {"x-amzn-requestid", "x-amz-request-id", "x-amzn-request-id"}) {
    if (const auto id = http::find_header(response.headers, name)) return std::string(id->substr(0, 200));
  }
  return {};
}

ErrorAnswer read_error_answer(const http::Response& response) {
  ErrorAnswer answer;
  const std::string_view body = trim(response.body);
  const bool understood = body.starts_with('{') ? read_json(response.body, answer) : read_xml(response.body, answer);
  const auto content = http::find_header(response.headers, "content-type").value_or("");
  if (!understood && content.find("html") == std::string_view::npos) answer.message = body;
  if (const auto type = http::find_header(response.headers, "x-amzn-errortype"); type && answer.code.empty()) {
    answer.code = *type;
  }
  answer.code = plain_code(answer.code).substr(0, 200);
  answer.message = utf8_prefix(answer.message, longest_message);
  if (const auto region = http::find_header(response.headers, "x-amz-bucket-region")) answer.region = *region;
  if (const std::string id = request_id_of(response); !id.empty()) answer.request_id = id;
  return answer;
}

}  // namespace smflow::aws
