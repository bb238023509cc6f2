#include "patterns.hpp"

#include <algorithm>

#include <smflow/plan/job_name.hpp>

namespace smflow::emulator::patterns {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}

bool is_alphanumeric(char c) {
  return is_digit(c) || is_lower(c) || (c >= 'A' && c <= 'Z');
}

bool only(std::string_view text, std::string_view others) {
  return std::all_of(text.begin(), text.end(),
                     [&](char c) { return is_alphanumeric(c) || others.find(c) != std::string_view::npos; });
}

// What stands before the next ':', which is removed.
std::string_view arn_part(std::string_view& arn) {
  const std::string_view part = arn.substr(0, arn.find(':'));
  arn.remove_prefix(std::min(arn.size(), part.size() + 1));
  return part;
}

bool is_partition(std::string_view text) {
  if (!text.starts_with("aws")) return false;
  text.remove_prefix(3);
  return std::all_of(text.begin(), text.end(), [](char c) { return is_lower(c) || c == '-'; });
}

bool is_account(std::string_view text) {
  return text.size() == 12 && std::all_of(text.begin(), text.end(), is_digit);
}

bool is_role_arn(std::string_view arn) {
  if (arn_part(arn) != "arn" || !is_partition(arn_part(arn)) || arn_part(arn) != "iam" || !arn_part(arn).empty() ||
      !is_account(arn_part(arn)) || !arn.starts_with("role")) {
    return false;
  }
  arn.remove_prefix(4);
  if (arn.starts_with('/')) arn.remove_prefix(1);
  return !arn.empty() && only(arn, "_+=,.@-/");
}

bool is_resource_arn(std::string_view arn) {
  return arn_part(arn) == "arn" && is_partition(arn_part(arn)) && arn_part(arn) == "sagemaker" &&
         only(arn_part(arn), "-") && is_account(arn_part(arn)) && !arn.empty();
}

bool is_s3_uri(std::string_view uri) {
  for (const std::string_view scheme : {"https://", "s3://"}) {
    if (uri.starts_with(scheme)) return uri.size() > scheme.size() && uri[scheme.size()] != '/';
  }
  return false;
}

bool is_channel_name(std::string_view name) {
  return !name.empty() && only(name, ".-_");
}

bool is_environment_key(std::string_view key) {
  return !key.empty() && !is_digit(key.front()) && only(key, "_");
}

// Letters, spaces and digits of every script: what is not ASCII is taken for one of them.
bool is_tag_text(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) >= 0x80 || is_alphanumeric(c) ||
           std::string_view(" _.:/=+-@").find(c) != std::string_view::npos;
  });
}

bool is_instance_type(std::string_view type) {
  if (!type.starts_with("ml.")) return false;
  type.remove_prefix(3);
  const std::size_t dot = type.find('.');
  if (dot == std::string_view::npos || dot == 0 || dot + 1 == type.size()) return false;
  const auto fits = [](char c) { return is_digit(c) || is_lower(c) || c == '-'; };
  return std::all_of(type.begin(), type.begin() + static_cast<std::ptrdiff_t>(dot), fits) &&
         std::all_of(type.begin() + static_cast<std::ptrdiff_t>(dot) + 1, type.end(), fits);
}

bool is_file_system_id(std::string_view id) {
  return id.starts_with("fs-") && id.size() >= 11 && only(id.substr(3), "");
}

bool is_network_id(std::string_view id) {
  return !id.empty() && only(id, "-");
}

bool is_not_empty(std::string_view text) {
  return !text.empty();
}

bool is_log_group(std::string_view name) {
  return !name.empty() && only(name, ".-_/#");
}

bool is_log_stream(std::string_view name) {
  return name.find_first_of(":*") == std::string_view::npos;
}

}  // namespace

const Pattern job_name{"^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}", plan::is_legal_job_name};
const Pattern role_arn{"^arn:aws[a-z\\-]*:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+$", is_role_arn};
const Pattern s3_uri{"^(https|s3)://([^/]+)/?(.*)$", is_s3_uri};
const Pattern channel_name{"[A-Za-z0-9\\.\\-_]+", is_channel_name};
const Pattern environment_key{"[a-zA-Z_][a-zA-Z0-9_]*", is_environment_key};
const Pattern tag_text{"^([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)$", is_tag_text};
const Pattern instance_type{"ml\\.[a-z0-9-]+\\.[a-z0-9-]+", is_instance_type};
const Pattern file_system_id{"fs-[0-9a-zA-Z]{8,}", is_file_system_id};
const Pattern network_id{"[-0-9a-zA-Z]+", is_network_id};
const Pattern resource_arn{"arn:aws[a-z-]*:sagemaker:[a-z0-9-]*:[0-9]{12}:.+", is_resource_arn};
const Pattern name_part{"[a-zA-Z0-9\\-]+", is_network_id};
const Pattern not_empty{".+", is_not_empty};
const Pattern log_group{"[\\.\\-_/#A-Za-z0-9]+", is_log_group};
const Pattern log_stream{"[^:*]*", is_log_stream};

}  // namespace smflow::emulator::patterns
