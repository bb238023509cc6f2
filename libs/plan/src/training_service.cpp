#include <smflow/plan/training_service.hpp>

namespace smflow::plan {

bool is_terminal(JobStatus status) {
  return status == JobStatus::Completed || status == JobStatus::Failed || status == JobStatus::Stopped ||
         status == JobStatus::Deleting;
}

const char* to_string(JobStatus status) {
  switch (status) {
    case JobStatus::InProgress:
      return "InProgress";
    case JobStatus::Stopping:
      return "Stopping";
    case JobStatus::Completed:
      return "Completed";
    case JobStatus::Failed:
      return "Failed";
    case JobStatus::Stopped:
      return "Stopped";
    case JobStatus::Deleting:
      return "Deleting";
  }
  return "InProgress";
}

}  // namespace smflow::plan
