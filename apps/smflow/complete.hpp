#pragma once

#include "session.hpp"

namespace smflow::cli {

// The hidden first argument by which the scripts of completion/ ask.
inline constexpr const char* complete_command = "__complete";

// Answers `smflow __complete WORD...`: what the last word can become, a line each, with a tab and a sentence behind it
// where there is one; or the one line ":files". No network, and nothing is changed.
int complete(CLI::App& app, Session& session);

void add_completion(CLI::App& app, Session& session);

}  // namespace smflow::cli
