#pragma once

#include "bucket_check.hpp"

namespace smflow::preflight {

// What the pages of a listing add up to.
struct DataContent {
  std::size_t objects = 0;
  double bytes = 0;
  bool complete = false;
  std::string sibling = {};   // a key that begins with the prefix but is not below it
  std::string unusable = {};  // a key that cannot be a file's path
};

// Of at most the first 10,000 objects.
aws::Outcome<DataContent> read_content(Services& services, const S3Location& place);

}  // namespace smflow::preflight
