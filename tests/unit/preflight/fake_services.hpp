#pragma once

#include "checks.hpp"

#include <atomic>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <smflow/preflight/preflight.hpp>

namespace smflow::preflight {

inline aws::AwsError aws_error(aws::AwsError::Kind kind, std::string code = "Code") {
  return {.kind = kind, .service = "service", .operation = "Operation", .code = std::move(code), .message = "no"};
}

inline const std::string role_arn = "arn:aws:iam::123456789012:role/train";
inline const std::string trusting =
    R"({"Statement":[{"Effect":"Allow","Principal":{"Service":"sagemaker.amazonaws.com"},"Action":"sts:AssumeRole"}]})";

// An account in which everything is as it should be; a test breaks what it is about.
class FakeServices : public Services {
 public:
  aws::Outcome<aws::CallerIdentity> identity =
      aws::CallerIdentity{"123456789012", "arn:aws:iam::123456789012:user/ann", "U"};
  std::map<std::string, aws::Outcome<aws::Role>> roles{{"train", aws::Role{"train", role_arn, trusting}}};
  aws::Outcome<aws::SimulatedDecision> verdict = aws::SimulatedDecision{"allowed"};
  aws::SimulationInput simulated;
  aws::Outcome<aws::ImageManifest> manifest = aws::ImageManifest{
      "sha256:m", "application/vnd.oci.image.manifest.v1+json", R"({"config":{"digest":"sha256:c"}})"};
  aws::Outcome<std::string> config = std::string(R"({"architecture":"amd64"})");
  aws::RepositoryName repository;
  aws::ImageId image_id;
  std::map<std::string, aws::Outcome<std::string>> buckets{{"data", std::string("eu-west-1")},
                                                           {"results", std::string("eu-west-1")}};
  std::vector<aws::Outcome<aws::ObjectPage>> pages{aws::ObjectPage{{{"images/a.png", 7}}, ""}};
  std::vector<aws::Outcome<aws::QuotaPage>> quota_pages{
      aws::QuotaPage{{{"ml.g5.xlarge for training job usage", "L-1", 4}}, ""}};
  std::vector<aws::Outcome<aws::QuotaPage>> default_pages{aws::QuotaPage{}};
  std::map<std::string, aws::Quota> known_quotas;  // whose codes are known
  std::vector<aws::Outcome<aws::ActiveJobPage>> job_pages{aws::ActiveJobPage{}};
  std::atomic<int> pages_read = 0;

  std::string region() const override { return "eu-west-1"; }
  aws::Outcome<aws::CallerIdentity> caller() override { return identity; }
  aws::Outcome<aws::Role> role(const std::string& name) override {
    const auto found = roles.find(name);
    if (found == roles.end()) return tl::unexpected(aws_error(aws::AwsError::Kind::not_found));
    return found->second;
  }
  aws::Outcome<aws::SimulatedDecision> decision(const aws::SimulationInput& input) override {
    simulated = input;
    return verdict;
  }
  aws::Outcome<aws::ImageManifest> image(const aws::RepositoryName& name, const aws::ImageId& id) override {
    repository = name;
    image_id = id;
    return manifest;
  }
  aws::Outcome<std::string> image_config(const aws::RepositoryName&, const std::string&) override { return config; }
  aws::Outcome<std::string> bucket_region(const std::string& bucket) override {
    const auto found = buckets.find(bucket);
    if (found == buckets.end()) return tl::unexpected(aws_error(aws::AwsError::Kind::not_found));
    return found->second;
  }
  aws::Outcome<aws::ObjectPage> objects(const aws::ObjectPageQuery& query) override { return page(pages, query.token); }
  aws::Outcome<std::optional<aws::Quota>> quota(const std::string& name) override {
    const auto found = known_quotas.find(name);
    return found == known_quotas.end() ? std::nullopt : std::optional(found->second);
  }
  aws::Outcome<aws::QuotaPage> quotas(const std::string& token) override {
    ++pages_read;
    return page(quota_pages, token);
  }
  aws::Outcome<aws::QuotaPage> default_quotas(const std::string& token) override { return page(default_pages, token); }
  aws::Outcome<aws::ActiveJobPage> active_jobs(const std::string& token) override { return page(job_pages, token); }

 private:
  // The token of page n is n.
  template <class Page>
  static aws::Outcome<Page> page(std::vector<aws::Outcome<Page>>& pages, const std::string& token) {
    return pages.at(token.empty() ? 0 : std::stoul(token));
  }
};

class PreflightTest : public testing::Test {
 protected:
  PreflightTest() {
    plan_.job_name = "gan-1";
    plan_.target = plan::Target::sagemaker;
    plan_.role_arn = role_arn;
    plan_.instance_type = "ml.g5.xlarge";
    plan_.image_uri = "gan:1";
    plan_.output_uri = "s3://results/experiment/outputs";
    plan_.channels = {{"config", "s3://results/experiment/configs/gan-1/config/train/"},
                      {"traindata", "s3://data/images/"}};
  }
  Subject subject() { return {plan_, services_, *services_.identity}; }

  plan::JobPlan plan_;
  FakeServices services_;
};

inline std::vector<std::string> codes_of(const Findings& findings) {
  std::vector<std::string> codes;
  for (const Finding& finding : findings) codes.push_back(finding.report.code);
  return codes;
}

// The only finding.
inline Finding only(const Findings& findings) {
  EXPECT_EQ(findings.size(), 1u);
  return findings.empty() ? Finding{} : findings.front();
}

}  // namespace smflow::preflight
