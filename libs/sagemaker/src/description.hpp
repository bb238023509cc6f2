#pragma once

#include <smflow/aws/operations/training_jobs.hpp>
#include <smflow/plan/training_service.hpp>

namespace smflow::sagemaker {

// A word that this version does not know is InProgress: only the three terminal ones are an end.
plan::JobStatus job_status(const std::string& word);

plan::JobDescription description_of(const aws::TrainingJob& job);

Error no_such_job(const std::string& job);
// As the error of a command; an unknown job is E145.
Error job_error(const std::string& job, const aws::AwsError& error);

}  // namespace smflow::sagemaker
