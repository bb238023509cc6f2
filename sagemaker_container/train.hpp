#pragma once

#include "job.hpp"

#include <smflow/base/clock.hpp>
#include <smflow/base/error.hpp>
#include <smflow/training/device.hpp>
#include <smflow/training/peers.hpp>
#include <smflow/training/stop_request.hpp>

namespace smflow::gan {

enum class Outcome { complete, stopped };

// Trains as the job says, from its newest checkpoint when there is one, until all epochs are done or a stop is
// requested; writes everything either way. The log goes to stdout, notes to stderr. With several hosts all do the same
// steps, each with a part of the pictures; the leading one logs and writes, and continues from its checkpoint for all.
// `peers` average on the chosen device.
Result<Outcome> train(const Job& job, const training::DeviceChoice& choice, training::Peers peers,
                      const training::StopRequest& stop, const Clock& clock);

}  // namespace smflow::gan
