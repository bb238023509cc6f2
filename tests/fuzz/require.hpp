#pragma once

#include <cstdlib>
#include <iostream>

namespace smflow::fuzz {

// Ends the fuzzer when something that always holds does not.
inline void require(bool holds, const char* what) {
  if (holds) return;
  std::cerr << "broken: " << what << "\n";
  std::abort();
}

}  // namespace smflow::fuzz
