#include "fake_services.hpp"
#include "support/temporary_folder.hpp"

#include <fstream>

namespace smflow::preflight {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Kind = aws::AwsError::Kind;
constexpr std::uint64_t gibibyte = 1ull << 30;

TEST_F(PreflightTest, BucketsOfTheRegionAndDataPass) {
  EXPECT_EQ(only(check_results_bucket(subject())).severity, Severity::passed);
  const Finding data = only(check_data(subject()));
  EXPECT_EQ(data.severity, Severity::passed);
  EXPECT_EQ(data.report.message, "1 object, 7 B, at s3://data/images/");
}

TEST_F(PreflightTest, ABucketThatIsNotThereIsAnError) {
  services_.buckets.clear();
  const Finding results = only(check_results_bucket(subject()));
  EXPECT_EQ(results.report.code, "E213");
  EXPECT_EQ(results.option, "S3.SAGEMAKER_RESULTS_BUCKET");
  const Finding data = only(check_data(subject()));
  EXPECT_EQ(data.report.code, "E213");
  EXPECT_EQ(data.option, "S3.TRAINING_DATA");
}

TEST_F(PreflightTest, ABucketOfAnotherRegionIsAnError) {
  services_.buckets.at("results") = std::string("us-east-2");
  const Finding finding = only(check_results_bucket(subject()));
  EXPECT_EQ(finding.report.code, "E214");
  EXPECT_THAT(finding.report.message, HasSubstr("is in us-east-2, and the job in eu-west-1"));
}

TEST_F(PreflightTest, ABucketThatMayNotBeReadIsAWarning) {
  services_.buckets.at("results") = tl::unexpected(aws_error(Kind::access_denied));
  EXPECT_THAT(only(check_results_bucket(subject())).report.message, HasSubstr("s3:ListBucket"));
  services_.pages = {tl::unexpected(aws_error(Kind::access_denied))};
  EXPECT_EQ(only(check_data(subject())).report.code, "E200");
}

TEST_F(PreflightTest, ABucketOfAnotherRegionIsAnErrorAlsoWhenItMayNotBeRead) {
  aws::AwsError denied = aws_error(Kind::access_denied);
  denied.bucket_region = "us-east-2";
  services_.buckets.at("results") = tl::unexpected(denied);
  EXPECT_EQ(only(check_results_bucket(subject())).report.code, "E214");
  denied.bucket_region = "eu-west-1";
  services_.buckets.at("results") = tl::unexpected(denied);
  EXPECT_EQ(only(check_results_bucket(subject())).report.code, "E200");
}

TEST_F(PreflightTest, APrefixWithoutObjectsIsAnError) {
  for (const aws::ObjectPage& page : {aws::ObjectPage{}, aws::ObjectPage{{{"images/", 0}}, ""}}) {
    services_.pages = {page};
    const Finding finding = only(check_data(subject()));
    EXPECT_EQ(finding.report.code, "E215");
    EXPECT_EQ(finding.report.exit, ExitCode::not_found);
  }
}

TEST_F(PreflightTest, APrefixThatMeansItsSiblingsTooIsAWarning) {
  plan_.channels.back().uri = "s3://data/images";
  services_.pages = {aws::ObjectPage{{{"images/a.png", 7}, {"images_old/a.png", 7}}, ""}};
  const Finding finding = only(check_data(subject()));
  EXPECT_EQ(finding.report.code, "E216");
  EXPECT_EQ(finding.severity, Severity::warning);
  services_.pages = {aws::ObjectPage{{{"images", 7}, {"images/a.png", 7}}, ""}};
  EXPECT_EQ(only(check_data(subject())).severity, Severity::passed);
}

TEST_F(PreflightTest, DoubleSlashesAreAnErrorInTheConfigAndAWarningInKeys) {
  services_.pages = {aws::ObjectPage{{{"images//a.png", 7}}, ""}};
  EXPECT_EQ(only(check_data(subject())).report.code, "E217");
  EXPECT_EQ(only(check_data(subject())).severity, Severity::warning);
  for (const char* uri : {"s3://data//images/", "s3://data/a//b"}) {
    plan_.channels.back().uri = uri;
    EXPECT_EQ(only(check_data(subject())).report.code, "E217");
    EXPECT_EQ(only(check_data(subject())).severity, Severity::error);
  }
}

TEST_F(PreflightTest, DataThatDoesNotFitOnTheDiskIsAnError) {
  plan_.instance_type = "ml.m5.xlarge";
  services_.pages = {aws::ObjectPage{{{"images/a", 20 * gibibyte}}, "1"},
                     aws::ObjectPage{{{"images/b", 20 * gibibyte}}, ""}};
  const Finding finding = only(check_data(subject()));
  EXPECT_EQ(finding.report.code, "E218");
  EXPECT_EQ(finding.option, "SAGEMAKER.VOLUME_SIZE_GB");
  EXPECT_THAT(finding.report.fix, HasSubstr("VOLUME_SIZE_GB: 58"));
}

TEST_F(PreflightTest, AFastFilePrefixThatCutsAFolderNameIsAWarning) {
  plan_.channels.back().input_mode = plan::InputMode::FastFile;
  for (const char* uri : {"s3://data/images/", "s3://data", "s3://data/"}) {
    plan_.channels.back().uri = uri;
    EXPECT_EQ(only(check_data(subject())).severity, Severity::passed) << uri;
  }
  plan_.channels.back().uri = "s3://data/images";
  EXPECT_EQ(only(check_data(subject())).report.code, "E239");
}

TEST_F(PreflightTest, FewerObjectsThanMachinesToShareThemAmongAreAWarning) {
  plan_.channels.back().distribution = plan::DataDistribution::ShardedByS3Key;
  plan_.instance_count = 2;
  EXPECT_EQ(only(check_data(subject())).report.code, "E240");
  services_.pages = {aws::ObjectPage{{{"images/a", 7}, {"images/b", 7}}, ""}};
  EXPECT_EQ(only(check_data(subject())).severity, Severity::passed);
}

TEST_F(PreflightTest, DataThatIsNotCopiedToAVolumeMayBeLarge) {
  services_.pages = {aws::ObjectPage{{{"images/a", 40 * gibibyte}}, ""}};
  EXPECT_EQ(only(check_data(subject())).severity, Severity::passed) << "a machine with its own disk";
  plan_.instance_type = "ml.m5.xlarge";
  plan_.channels.back().input_mode = plan::InputMode::FastFile;
  EXPECT_EQ(only(check_data(subject())).severity, Severity::passed);
  plan_.channels.back().input_mode = plan::InputMode::File;
  plan_.channels.back().distribution = plan::DataDistribution::ShardedByS3Key;
  plan_.instance_count = 2;
  services_.pages = {aws::ObjectPage{{{"images/a", 20 * gibibyte}, {"images/b", 20 * gibibyte}}, ""}};
  EXPECT_EQ(only(check_data(subject())).severity, Severity::passed);
}

TEST_F(PreflightTest, AnEndlessListingIsNotReadToItsEnd) {
  services_.pages = {aws::ObjectPage{{{"images/a", 1}}, "0"}};
  EXPECT_THAT(only(check_data(subject())).report.message, HasSubstr("more than 10 objects"));
}

TEST_F(PreflightTest, AJobWithoutDataIsNotAskedForAny) {
  plan_.channels.pop_back();
  EXPECT_TRUE(check_data(subject()).empty());
}

TEST_F(PreflightTest, TheDataOfALocalJobIsLookedForOnThisMachine) {
  const test::TemporaryFolder folder;
  plan_.channels.back().uri = "file://" + folder.path().string();
  EXPECT_EQ(only(check_local_data(plan_)).report.code, "E215");
  std::ofstream(folder.path() / "a.png") << "x";
  EXPECT_EQ(only(check_local_data(plan_)).severity, Severity::passed);
}

}  // namespace
}  // namespace smflow::preflight
