#include "record_completion.hpp"

#include "s3_access.hpp"

#include <smflow/records/recorded_run.hpp>
#include <smflow/records/run_index.hpp>

namespace smflow::cli {

bool RecordCompletion::complete(storage::Store& bucket, const std::string& record_key) {
  try {
    if (!sagemaker_) sagemaker_ = std::make_unique<SageMakerAccess>(access_, sagemaker::FollowOptions{});
    const auto completed = records::complete_record(bucket, record_key, sagemaker_->service(), access_.clock());
    return completed && *completed;
  } catch (const CommandFailure&) {
    return false;
  }
}

void RecordCompletion::complete(const plan::JobDescription& job) {
  constexpr std::string_view scheme = "s3://";
  const std::string& model = job.model_artifacts_uri;
  if (!plan::is_terminal(job.status) || !model.starts_with(scheme)) return;
  try {
    const auto bucket = store_opener(access_)(model.substr(0, model.find('/', scheme.size())));
    if (!bucket) return;
    const auto record = records::record_of(**bucket, job.job_name);
    if (record) complete(**bucket, *record);
  } catch (const CommandFailure&) {
    return;
  }
}

}  // namespace smflow::cli
