#pragma once

namespace smflow::cli {

// The files of completion/.
extern const char* const bash_completion;
extern const char* const zsh_completion;
extern const char* const fish_completion;

}  // namespace smflow::cli
