#pragma once

#include "shape.hpp"

// The patterns of the API's models, tested by hand: std::regex recurses once a character.
namespace smflow::emulator::patterns {

extern const Pattern job_name;
extern const Pattern role_arn;
extern const Pattern s3_uri;
extern const Pattern channel_name;
extern const Pattern environment_key;
extern const Pattern tag_text;
extern const Pattern instance_type;
extern const Pattern file_system_id;
extern const Pattern network_id;
extern const Pattern resource_arn;
extern const Pattern name_part;
extern const Pattern not_empty;
extern const Pattern log_group;
extern const Pattern log_stream;

}  // namespace smflow::emulator::patterns
