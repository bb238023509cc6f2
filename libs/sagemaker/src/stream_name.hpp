#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace smflow::sagemaker {

// "<job>/algo-<n>-<seconds since 1970 at its start>": one host of one start of the job.
struct StreamName {
  std::string host;  // "algo-<n>"
  int number = 0;
  std::int64_t start = 0;
};
// None for the streams of other jobs and for those that are not of the container ("<...>/ssm").
std::optional<StreamName> parse_stream_name(std::string_view job, std::string_view stream);

// CloudWatch gets control characters as '#' and three octal digits. Tab, carriage return and the start of a terminal
// sequence are put back; others stay, for they are as likely to be the program's own text, a colour like "#000000".
std::string with_control_characters(std::string_view message);

}  // namespace smflow::sagemaker
