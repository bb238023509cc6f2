#pragma once

#include <string>
#include <string_view>

#include <smflow/aws/operations/object_page.hpp>

namespace smflow::aws {

// The page that an answer to ListObjectsV2 holds, or why it is none: an object without key, size or time, or a page
// that is not the last and does not say how to go on.
tl::expected<ObjectPage, std::string> read_object_listing(std::string_view answer);

}  // namespace smflow::aws
