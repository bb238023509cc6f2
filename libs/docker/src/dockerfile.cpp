#include <algorithm>
#include <set>

#include <smflow/base/text.hpp>
#include <smflow/docker/dockerfile.hpp>

namespace smflow::docker {

namespace {

using Values = std::map<std::string, std::string>;

std::vector<std::string> words_of(std::string_view line) {
  std::vector<std::string> words;
  for (std::string& word : split(line, ' ')) {
    if (const std::string_view text = trim(word); !text.empty()) words.emplace_back(text);
  }
  return words;
}

bool is_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// With $NAME and ${NAME} replaced; empty when one has no value, or there is more to it, as in ${NAME:-other}.
std::string with_values(std::string_view text, const Values& values) {
  std::string result;
  while (!text.empty()) {
    const std::size_t sign = text.find('$');
    result += text.substr(0, sign);
    if (sign == std::string_view::npos) break;
    text.remove_prefix(sign + 1);
    const bool braces = text.starts_with('{');
    if (braces) text.remove_prefix(1);
    const auto end = std::find_if_not(text.begin(), text.end(), is_name);
    const std::string name(text.begin(), end);
    text.remove_prefix(name.size());
    const auto value = values.find(name);
    if (value == values.end() || (braces && !text.starts_with('}'))) return {};
    if (braces) text.remove_prefix(1);
    result += value->second;
  }
  return result;
}

std::string unquoted(std::string_view text) {
  const bool quotes = text.size() >= 2 && (text.front() == '"' || text.front() == '\'') && text.back() == text.front();
  return std::string(quotes ? text.substr(1, text.size() - 2) : text);
}

}  // namespace

std::vector<std::string> base_images(std::string_view dockerfile, const Values& arguments) {
  Values values;
  std::set<std::string> stages{"scratch"};
  std::vector<std::string> images;
  bool in_stage = false;
  for (const std::string& line : split(dockerfile, '\n')) {
    std::vector<std::string> words = words_of(line);
    if (words.size() < 2) continue;
    const std::string instruction = to_upper(words[0]);
    if (instruction == "ARG" && !in_stage) {
      const std::size_t sign = words[1].find('=');
      const std::string name = words[1].substr(0, sign);
      const auto given = arguments.find(name);
      if (given != arguments.end()) {
        values[name] = given->second;
      } else if (sign != std::string::npos) {
        values[name] = with_values(unquoted(std::string_view(words[1]).substr(sign + 1)), values);
      }
    }
    if (instruction != "FROM") continue;
    in_stage = true;
    std::erase_if(words, [](const std::string& word) { return word.starts_with("--"); });
    if (words.size() < 2) continue;
    const std::string image = with_values(words[1], values);
    if (!image.empty() && !stages.contains(image) && std::ranges::find(images, image) == images.end()) {
      images.push_back(image);
    }
    if (words.size() >= 4 && to_upper(words[2]) == "AS") stages.insert(words[3]);
  }
  return images;
}

}  // namespace smflow::docker
