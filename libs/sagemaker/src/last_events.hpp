#pragma once

#include <smflow/plan/training_service.hpp>
#include <smflow/sagemaker/log_source.hpp>

namespace smflow::sagemaker {

// The last lines of every host's last start, `limit` of each at most, in the order of time over the hosts.
aws::Outcome<void> read_last_events(LogSource& source, Pace& pace, const std::string& job, int limit,
                                    plan::JobObserver& observer);

}  // namespace smflow::sagemaker
