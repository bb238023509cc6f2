#pragma once

#include "attach_here.hpp"
#include "aws_access.hpp"

namespace smflow::cli {

// A shell in the container of a job on SageMaker, by a session of AWS Systems Manager ("Access a training container
// through AWS Systems Manager for remote debugging", Amazon SageMaker Developer Guide). Waits until the job trains.
// Becomes the session-manager-plugin, and does not come back.
//
// E390 without that plugin, E391 when the job has ended or lets nobody in, E392 when its container does not answer.
int attach_sagemaker(Session& session, const AttachOptions& options, const AwsOptions& aws);

}  // namespace smflow::cli
