#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <pugixml.hpp>

namespace smflow::aws {

// A well-formed XML document of at most 16 MiB and 64 levels, or none. No entities of a DTD are expanded.
std::optional<pugi::xml_document> parse_xml(std::string_view text);

// The text of a child, empty when it is not there.
std::string child_text(const pugi::xml_node& node, const char* name);

}  // namespace smflow::aws
