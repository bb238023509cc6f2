#include "container_kind.hpp"

#include <smflow/container/container_engine.hpp>

namespace smflow::container {

ContainerEngine::ContainerEngine(ContainerEngineOptions options)
    : engine::LocalEngine({.kind = std::make_shared<ContainerKind>(options),
                           .clock = options.clock,
                           .open_store = options.open_store,
                           .open_input = options.open_input,
                           .checkpoint_interval = options.checkpoint_interval,
                           .credentials = options.credentials}) {}

}  // namespace smflow::container
