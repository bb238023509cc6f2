#include "instructions.hpp"
#include "shell_words.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <span>

#include <smflow/base/text.hpp>
#include <smflow/docker/dockerfile.hpp>

namespace smflow::docker {

namespace {

using Words = std::span<const std::string_view>;

struct From {
  std::string_view image;
  std::string_view stage;  // empty: it has no name
};

// FROM [--platform=...] IMAGE [AS STAGE]; none for another form, which the builder refuses.
std::optional<From> read_from(Words words) {
  words = words.subspan(1);
  while (!words.empty() && words.front().starts_with("--")) words = words.subspan(1);
  if (words.size() == 1) return From{.image = words[0], .stage = {}};
  if (words.size() == 3 && to_upper(words[1]) == "AS") return From{.image = words[0], .stage = words[2]};
  return std::nullopt;
}

// Of COPY --from=NAME ...; empty without.
std::string_view copied_from(Words words) {
  constexpr std::string_view option = "--from=";
  for (words = words.subspan(1); !words.empty() && words.front().starts_with("--"); words = words.subspan(1)) {
    if (words.front().starts_with(option)) return words.front().substr(option.size());
  }
  return {};
}

bool is_number(std::string_view text) {
  return text.find_first_not_of("0123456789") == std::string_view::npos;
}

// ARG NAME[=VALUE] ... before the first FROM. The build's own value wins; without any it is empty.
void take_arguments(Words words, const Values& given, char escape, Values& values) {
  for (const std::string_view word : words.subspan(1)) {
    const std::size_t sign = word.find('=');
    const std::string name(word.substr(0, sign));
    if (name.empty()) continue;
    if (const auto chosen = given.find(name); chosen != given.end()) {
      values[name] = chosen->second;
    } else if (sign == std::string_view::npos) {
      if (!is_of_the_builder(name)) values.emplace(name, "");
    } else if (auto value = expanded(word.substr(sign + 1), values, escape)) {
      values[name] = *std::move(value);
    } else {
      values.erase(name);
    }
  }
}

}  // namespace

std::vector<std::string> base_images(std::string_view dockerfile, const Values& arguments) {
  const Instructions file = read_instructions(dockerfile);
  Values values;
  std::set<std::string> stages{"SCRATCH"};  // in upper case: "AS Build" is also what "FROM build" means
  std::set<std::string> seen;
  std::vector<std::string> images;
  bool in_stage = false;
  const auto add = [&](const std::string& image) {
    const bool is_base = !image.empty() && !stages.contains(to_upper(image));
    if (is_base && seen.insert(image).second) images.push_back(image);
  };
  for (const std::string& line : file.lines) {
    const std::vector<std::string_view> words = shell_words(line, file.escape);
    if (words.empty()) continue;
    const std::string instruction = to_upper(words[0]);
    if (instruction == "ARG" && !in_stage) take_arguments(words, arguments, file.escape, values);
    if (instruction == "COPY") {
      // A number is that of a stage.
      if (const std::string_view name = copied_from(words); !is_number(name)) {
        add(expanded(name, {}, file.escape).value_or(""));
      }
    }
    if (instruction != "FROM") continue;
    in_stage = true;
    const auto from = read_from(words);
    if (!from) continue;
    add(expanded(from->image, values, file.escape).value_or(""));
    if (!from->stage.empty()) stages.insert(to_upper(from->stage));
  }
  return images;
}

bool declares_argument(std::string_view dockerfile, std::string_view name) {
  const Instructions file = read_instructions(dockerfile);
  return std::ranges::any_of(file.lines, [&](const std::string& line) {
    const std::vector<std::string_view> words = shell_words(line, file.escape);
    if (words.empty() || to_upper(words[0]) != "ARG") return false;
    return std::any_of(words.begin() + 1, words.end(),
                       [&](std::string_view word) { return word.substr(0, word.find('=')) == name; });
  });
}

}  // namespace smflow::docker
