#pragma once

#include "inputs.hpp"

#include <smflow/engine/process_engine.hpp>

namespace smflow::engine {

// Copies what `uri` names, a folder of a store or one object, to the new folder `into`, where the job finds it as its
// channel. E101 when there is nothing; what the store and its opener say.
Result<Input> fetch_input(const std::string& channel, const std::string& uri, const std::filesystem::path& into,
                          const StoreOpener& open_store);

}  // namespace smflow::engine
