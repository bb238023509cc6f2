#pragma once

#include <cstddef>
#include <functional>
#include <stop_token>

#include <smflow/base/error.hpp>

namespace smflow {

// Calls `work` for each index below `count`, each once and in ascending order, from at most `threads` threads; the
// caller's is one of them. After the first failure no other index begins, the token that `work` gets asks the others to
// stop, and that failure is the result. A stop requested by the caller does the same and is E904 unless `work` failed
// first. An exception of `work` comes out here.
using IndexedWork = std::function<Result<void>(std::size_t index, std::stop_token stop)>;
Result<void> in_parallel(std::size_t count, int threads, std::stop_token stop, const IndexedWork& work);

// E904: the user asked to stop.
Error interrupted();

}  // namespace smflow
