#pragma once

#include <smflow/aws/operations/ecr.hpp>
#include <smflow/aws/operations/iam.hpp>
#include <smflow/aws/operations/object_page.hpp>
#include <smflow/aws/operations/service_quotas.hpp>
#include <smflow/aws/operations/sts.hpp>
#include <smflow/aws/operations/training_jobs.hpp>

namespace smflow::preflight {

// The questions that the checks ask AWS; none changes anything. Safe to use from several threads.
class Services {
 public:
  virtual ~Services() = default;

  virtual std::string region() const = 0;
  virtual aws::Outcome<aws::CallerIdentity> caller() = 0;
  virtual aws::Outcome<aws::Role> role(const std::string& name) = 0;
  virtual aws::Outcome<aws::SimulatedDecision> decision(const aws::SimulationInput& input) = 0;
  virtual aws::Outcome<aws::ImageManifest> image(const aws::RepositoryName& repository, const aws::ImageId& image) = 0;
  // The image's config, JSON, whose SHA-256 is the digest.
  virtual aws::Outcome<std::string> image_config(const aws::RepositoryName& repository, const std::string& digest) = 0;
  virtual aws::Outcome<std::string> bucket_region(const std::string& bucket) = 0;
  virtual aws::Outcome<aws::ObjectPage> objects(const aws::ObjectPageQuery& query) = 0;
  // A quota of SageMaker by its name; none where its code is not known, so that it has to be looked for in the lists.
  virtual aws::Outcome<std::optional<aws::Quota>> quota(const std::string& name) = 0;
  // Of SageMaker, a page of each.
  virtual aws::Outcome<aws::QuotaPage> quotas(const std::string& token) = 0;
  virtual aws::Outcome<aws::QuotaPage> default_quotas(const std::string& token) = 0;
  virtual aws::Outcome<aws::ActiveJobPage> active_jobs(const std::string& token) = 0;
};

}  // namespace smflow::preflight
