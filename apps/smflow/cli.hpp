#pragma once

namespace smflow::cli {

// The whole command line: parses, runs one command, turns every failure into text and an exit code
// (docs/guide/errors.md). Never throws.
int run(int argc, char** argv);

}  // namespace smflow::cli
