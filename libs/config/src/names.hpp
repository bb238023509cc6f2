#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include <smflow/config/config.hpp>

namespace smflow::config {

// The option that once had the path SECTION.KEY.
std::optional<std::size_t> renamed_option(const Schema& schema, std::string_view section, std::string_view key);
// Whether options of a section of this name, which is no section any more, have new names.
bool is_renamed_section(const Schema& schema, std::string_view section);

// What the user may have meant by an option or section that does not exist; a question or a list, empty when unclear.
std::string unknown_key_hint(const Config& config, const std::string& section, const std::string& key);
std::string unknown_section_hint(const Config& config, const std::string& section);

// "the sagemaker configuration".
std::string configuration_words(const Schema& schema);

}  // namespace smflow::config
