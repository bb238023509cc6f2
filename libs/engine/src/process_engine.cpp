#include "process_kind.hpp"

#include <smflow/engine/process_engine.hpp>

namespace smflow::engine {

ProcessEngine::ProcessEngine(ProcessEngineOptions options)
    : LocalEngine({.kind = std::make_shared<ProcessKind>(std::move(options.entrypoint), std::move(options.environment)),
                   .clock = options.clock,
                   .open_store = std::move(options.open_store),
                   .open_input = std::move(options.open_input),
                   .checkpoint_interval = options.checkpoint_interval,
                   .credentials = std::move(options.credentials)}) {}

}  // namespace smflow::engine
