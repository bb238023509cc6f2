#include "fake_services.hpp"

#include <smflow/preflight/image_name.hpp>

namespace smflow::preflight {
namespace {

using testing::HasSubstr;
using Kind = aws::AwsError::Kind;

TEST_F(PreflightTest, AnImageForTheMachinePasses) {
  EXPECT_EQ(only(check_image(subject())).severity, Severity::passed);
  EXPECT_EQ(services_.repository.registry, "123456789012");
  EXPECT_EQ(services_.repository.name, "gan");
  EXPECT_EQ(services_.image_id.tag, "1");
}

TEST_F(PreflightTest, AnImageThatIsNotThereIsAnError) {
  services_.manifest = tl::unexpected(aws_error(Kind::not_found, "ImageNotFound"));
  const Finding finding = only(check_image(subject()));
  EXPECT_EQ(finding.report.code, "E207");
  EXPECT_EQ(finding.report.exit, ExitCode::not_found);
  EXPECT_THAT(finding.report.message, HasSubstr("123456789012.dkr.ecr.eu-west-1.amazonaws.com/gan:1"));
}

TEST_F(PreflightTest, AnImageElsewhereIsAnError) {
  plan_.platform.image_is_full_uri = true;
  for (const char* uri :
       {"pytorch/pytorch:2", "public.ecr.aws/a/b:1", "123456789012.dkr.ecr.us-east-1.amazonaws.com/g:1",
        "12345.dkr.ecr.eu-west-1.amazonaws.com/gan:1"}) {
    plan_.image_uri = uri;
    const Finding finding = only(check_image(subject()));
    EXPECT_EQ(finding.report.code, "E206") << uri;
    EXPECT_EQ(finding.option, "ECR.IMAGE_URI");
  }
}

TEST_F(PreflightTest, AnIndexOfImagesIsAnError) {
  services_.manifest->text = R"({"manifests":[{"digest":"sha256:a"}]})";
  const Finding finding = only(check_image(subject()));
  EXPECT_EQ(finding.report.code, "E208");
  EXPECT_THAT(finding.report.fix, HasSubstr("--provenance=false"));
}

TEST_F(PreflightTest, AnImageForAnotherProcessorIsAnError) {
  services_.config = std::string(R"({"architecture":"arm64"})");
  const Finding finding = only(check_image(subject()));
  EXPECT_EQ(finding.report.code, "E209");
  EXPECT_THAT(finding.report.message, HasSubstr("is for arm64, and ml.g5.xlarge needs amd64"));
  plan_.instance_type = "ml.c7g.xlarge";
  EXPECT_EQ(only(check_image(subject())).severity, Severity::passed);
}

TEST_F(PreflightTest, AnImageWithAnotherConfigSchemaIsAWarning) {
  plan_.config_schema = "sha256:of-code";
  services_.config =
      std::string(R"({"architecture":"amd64","config":{"Labels":{"smflow.config_schema":"sha256:of-image"}}})");
  Findings findings = check_image(subject());
  ASSERT_EQ(findings.size(), 2u);
  EXPECT_EQ(findings.back().severity, Severity::warning);
  EXPECT_EQ(findings.back().report.code, "E238");
  plan_.config_schema = "sha256:of-image";
  findings = check_image(subject());
  ASSERT_EQ(findings.size(), 2u);
  EXPECT_EQ(findings.back().severity, Severity::passed);
  for (const char* config : {"null", "7", "[]", "{}", R"({"Labels":null})", R"({"Labels":[]})",
                             R"({"Labels":{"smflow.config_schema":7}})"}) {
    services_.config = R"({"architecture":"amd64","config":)" + std::string(config) + "}";
    EXPECT_EQ(check_image(subject()).size(), 1u) << config;
  }
}

TEST_F(PreflightTest, AnImageThatCannotBeReadIsAWarning) {
  services_.config = tl::unexpected(aws_error(Kind::access_denied));
  EXPECT_THAT(only(check_image(subject())).report.message, HasSubstr("ecr:GetDownloadUrlForLayer"));
  for (const char* text : {"", "[]", "{}", R"({"architecture":7})", R"({"architecture":null})"}) {
    services_.config = std::string(text);
    EXPECT_EQ(only(check_image(subject())).report.code, "E201") << text;
  }
  for (const char* text : {"", "7", "{}", R"({"config":"x"})", R"({"config":{"digest":1}})", R"({"config":[]})"}) {
    services_.manifest->text = text;
    EXPECT_EQ(only(check_image(subject())).report.code, "E201") << text;
  }
  services_.manifest = tl::unexpected(aws_error(Kind::access_denied));
  EXPECT_THAT(only(check_image(subject())).report.message, HasSubstr("ecr:BatchGetImage"));
}

TEST(EcrImage, IsTakenApart) {
  const auto image = parse_ecr_image("123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com/team/gan:1@sha256:a");
  ASSERT_TRUE(image);
  EXPECT_EQ(image->region, "us-gov-west-1");
  EXPECT_EQ(image->repository.name, "team/gan");
  EXPECT_EQ(image->id.tag, "1");
  EXPECT_EQ(image->id.digest, "sha256:a");
  EXPECT_EQ(parse_ecr_image("123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/gan")->id.tag, "latest");
}

}  // namespace
}  // namespace smflow::preflight
