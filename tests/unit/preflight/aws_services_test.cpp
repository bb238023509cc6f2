#include "support/fake_clock.hpp"
#include "support/fake_transport.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <smflow/aws/digest.hpp>
#include <smflow/preflight/aws_services.hpp>

namespace smflow::preflight {
namespace {

using Kind = aws::AwsError::Kind;

class FixedRandom : public RandomSource {
 public:
  std::uint64_t next() override { return 0; }
};

class AwsServicesTest : public testing::Test {
 protected:
  std::unique_ptr<Services> services(const std::string& region = "eu-west-1",
                                     std::chrono::milliseconds budget = std::chrono::minutes{5}) {
    return services_with({.budget = budget, .quota_codes = {}}, region);
  }
  std::unique_ptr<Services> services_with(const ServicesOptions& options, const std::string& region = "eu-west-1") {
    session_ = aws::Session::open({.region = region,
                                   .environment = [](const char* name) -> std::optional<std::string> {
                                     const std::string_view text(name);
                                     if (text == "AWS_ACCESS_KEY_ID" || text == "AWS_SECRET_ACCESS_KEY") return "key";
                                     return std::nullopt;
                                   }},
                                  transport_, clock_, random_)
                   .value();
    return make_aws_services(*session_, transport_, options);
  }

  const std::string config_ = R"({"architecture":"amd64"})";
  const std::string digest_ = "sha256:" + aws::sha256_digits(config_);
  test::FakeTransport transport_;
  test::FakeClock clock_;
  FixedRandom random_;
  std::unique_ptr<aws::Session> session_;
};

TEST_F(AwsServicesTest, ReadsTheConfigOfAnImageWithoutASignature) {
  transport_.answer(200, R"({"downloadUrl":"https://layers/x?signature"})");
  transport_.answer(200, config_);
  EXPECT_EQ(services()->image_config({"", "gan"}, digest_).value(), config_);
  EXPECT_EQ(transport_.exchanges().back().request.url, "https://layers/x?signature");
  EXPECT_EQ(transport_.exchanges().back().header("Authorization"), "");
}

TEST_F(AwsServicesTest, RefusesAnotherConfigAndAnOpenWay) {
  transport_.answer(200, R"({"downloadUrl":"https://layers/x"})");
  transport_.answer(200, "other");
  EXPECT_EQ(services()->image_config({"", "gan"}, digest_).error().kind, Kind::answer);
  transport_.answer(200, R"({"downloadUrl":"http://layers/x"})");
  EXPECT_EQ(services()->image_config({"", "gan"}, digest_).error().kind, Kind::redirect);
  transport_.answer(200, R"({"downloadUrl":"https://layers/x"})");
  transport_.answer(403, "no");
  EXPECT_EQ(services()->image_config({"", "gan"}, digest_).error().kind, Kind::service);
}

TEST_F(AwsServicesTest, WithoutARegionTellsSo) {
  EXPECT_EQ(aws::as_error(services("")->caller().error()).code, "E410");
}

TEST_F(AwsServicesTest, GivesUpWhenTheTimeIsOver) {
  const auto all = services("eu-west-1", std::chrono::milliseconds{0});
  transport_.otherwise = [](const auto&) { return http::Response{200, {}, R"({"Quotas":[]})"}; };
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{30};
  while (all->quotas("") && std::chrono::steady_clock::now() < end) {
  }
  EXPECT_EQ(all->quotas("").error().kind, Kind::cancelled);
}

TEST_F(AwsServicesTest, KeepsTheCodesOfQuotasOnThisMachine) {
  const test::TemporaryFolder folder;
  const std::string name = "ml.g5.xlarge for training job usage";
  const ServicesOptions options{.quota_codes = folder / "cache/codes.json"};
  transport_.answer(200, R"({"Quotas":[{"QuotaName":")" + name + R"(","QuotaCode":"L-1","Value":2}]})");
  {
    const auto first = services_with(options);
    EXPECT_FALSE(first->quota(name).value());
    EXPECT_TRUE(first->quotas(""));
  }
  transport_.answer(200, R"({"Quota":{"QuotaName":")" + name + R"(","QuotaCode":"L-1","Value":3}})");
  EXPECT_EQ(services_with(options)->quota(name).value()->value, 3);
  EXPECT_EQ(transport_.exchanges().back().header("X-Amz-Target"), "ServiceQuotasV20190624.GetServiceQuota");

  transport_.answer(400, R"({"__type":"NoSuchResourceException","message":"no"})");
  transport_.answer(200, R"({"Quota":{"QuotaName":")" + name + R"(","QuotaCode":"L-1","Value":0}})");
  EXPECT_EQ(services_with(options)->quota(name).value()->value, 0);

  transport_.answer(200, R"({"Quota":{"QuotaName":"another","QuotaCode":"L-1","Value":3}})");
  EXPECT_FALSE(services_with(options)->quota(name).value());
}

TEST_F(AwsServicesTest, AFileOfCodesThatIsNoneIsLikeAnEmptyOne) {
  const test::TemporaryFolder folder;
  for (const char* content : {"", "[1]", "{", R"({"a": 1})"}) {
    folder.write("codes.json", content);
    EXPECT_FALSE(services_with({.quota_codes = folder / "codes.json"})->quota("a").value()) << content;
  }
}

}  // namespace
}  // namespace smflow::preflight
