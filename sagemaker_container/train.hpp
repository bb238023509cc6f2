#pragma once

#include "job.hpp"

#include <smflow/base/clock.hpp>
#include <smflow/base/error.hpp>
#include <smflow/training/stop_request.hpp>

namespace smflow::gan {

enum class Outcome { complete, stopped };

// Trains as the job says, from its newest checkpoint when there is one, until all epochs are done or a stop is
// requested; writes everything either way. The log goes to stdout, notes to stderr.
Result<Outcome> train(const Job& job, const training::StopRequest& stop, const Clock& clock);

}  // namespace smflow::gan
