#include "text_forms.hpp"

#include <fmt/format.h>

namespace smflow::docker {

namespace {

bool is_unreserved(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
         std::string_view("-_.~").find(c) != std::string_view::npos;
}

std::string escape(std::string_view text, std::string_view kept) {
  std::string out;
  for (const char c : text) {
    if (is_unreserved(c) || kept.find(c) != std::string_view::npos) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

}  // namespace

std::string escape_path(std::string_view text) {
  return escape(text, "/");
}

std::string query(const std::multimap<std::string, std::string>& members) {
  std::string out;
  for (const auto& [name, value] : members) {
    if (!value.empty()) out += (out.empty() ? "?" : "&") + name + "=" + escape(value, "");
  }
  return out;
}

}  // namespace smflow::docker
