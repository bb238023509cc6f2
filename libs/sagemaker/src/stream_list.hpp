#pragma once

#include <functional>

#include <smflow/sagemaker/log_source.hpp>

namespace smflow::sagemaker {

// The names of a job's streams, page by page; a log group that is not there yet has none.
aws::Outcome<void> list_streams(LogSource& source, Pace& pace, const std::string& job,
                                const std::function<void(const std::string& stream)>& found);

}  // namespace smflow::sagemaker
