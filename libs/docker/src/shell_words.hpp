#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace smflow::docker {

using Values = std::map<std::string, std::string>;

// The words of an instruction as the builder of a Dockerfile reads them: like a shell, with another character than the
// backslash where the file names one. All takes hostile text; a quote that is never closed reaches to the end.

// What stands between blanks outside of quotes, as it is written.
std::vector<std::string_view> shell_words(std::string_view line, char escape);
// A word without its quotes.
std::string unquoted(std::string_view word, char escape);
// The same with $NAME, ${NAME}, ${NAME:-word} and ${NAME:+word} replaced, also without the colon. None when that needs
// a value that is not known, or what is no such form.
std::optional<std::string> expanded(std::string_view word, const Values& values, char escape);
// Of an argument that has a value without being given one: the builder's machine and the one that is built for.
bool is_of_the_builder(std::string_view argument);

}  // namespace smflow::docker
