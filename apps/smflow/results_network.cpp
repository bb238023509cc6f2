#include "image_digest.hpp"
#include "local_service.hpp"
#include "record_completion.hpp"
#include "results_access.hpp"
#include "s3_access.hpp"

namespace smflow::cli {

int with_results(Session& session, const PlaceOptions& options, const std::function<int(Results&)>& work) {
  AwsAccess access(AwsOptions{});
  RecordCompletion completion(access);
  Results results(session, results_uri(options), store_opener(access),
                  {.complete =
                       [&](storage::Store& bucket, const std::vector<const records::RunSummary*>& runs) {
                         return completion.complete(bucket, runs);
                       },
                   .image_digest =
                       [&](const plan::JobPlan& job) {
                         Screen screen = session.screen();
                         return job.target == plan::Target::sagemaker
                                    ? image_digest(plan::full_image_uri(job, access.caller()), access)
                                    : id_of_image(job, screen, access);
                       }});
  return work(results);
}

}  // namespace smflow::cli
