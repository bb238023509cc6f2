#include "errors.hpp"

#include <smflow/base/text.hpp>

namespace smflow::s3 {

std::string uri_of(const aws::ObjectName& object) {
  return "s3://" + object.bucket + "/" + object.key;
}

Error error_of(const aws::AwsError& error, const aws::ObjectName& object) {
  using Kind = aws::AwsError::Kind;
  const std::string shown = "'" + printable(uri_of(object)) + "'";
  if (error.kind == Kind::conflict) {
    return {.code = "E142",
            .exit = ExitCode::conflict,
            .message = shown + " exists already and is never overwritten",
            .fix = "choose another name, or remove it first"};
  }
  if (error.kind == Kind::not_found && error.code != "NoSuchBucket" && error.code != "NoSuchUpload") {
    return {.code = "E150",
            .exit = ExitCode::not_found,
            .message = "there is no " + shown,
            .fix = "aws s3 ls shows what is there"};
  }
  Error result = aws::as_error(error);
  result.message = shown + ": " + result.message;
  return result;
}

bool is_replaced(const aws::AwsError& error) {
  return error.status == 412 || error.status == 416;
}

Error replaced_meanwhile(const aws::ObjectName& object) {
  return {.code = "E442",
          .exit = ExitCode::conflict,
          .message = "'" + printable(uri_of(object)) + "' was replaced while it was downloaded",
          .fix = "let what writes it end first"};
}

Error file_changed(const std::string& file) {
  return {.code = "E440",
          .exit = ExitCode::conflict,
          .message = "'" + printable(file) + "' changed while it was uploaded",
          .fix = "let every program that writes to it end first"};
}

Error wrong_bytes(const aws::ObjectName& object, const std::string& what) {
  return {.code = "E441",
          .exit = ExitCode::service,
          .message = "'" + printable(uri_of(object)) + "' did not arrive as it is on S3: " + what,
          .fix = "try again; when it stays, something between here and S3 changes what passes"};
}

}  // namespace smflow::s3
