#pragma once

#include "job_table.hpp"

namespace smflow::emulator {

// A job as DescribeTrainingJob, ListTrainingJobs and Search show it. Times are seconds since 1970 with milliseconds.
Json described(const JobState& job);
Json summarized(const JobState& job);
Json found_by_search(const JobState& job);

Json tags_json(const Tags& tags);

}  // namespace smflow::emulator
