#include "client_fixture.hpp"

#include <smflow/aws/operations/service_quotas.hpp>
#include <smflow/base/json.hpp>

namespace smflow::aws {
namespace {

using Kind = AwsError::Kind;

class ServiceQuotas : public ClientTest {
 protected:
  const test::FakeTransport::Exchange& sent() const { return transport_.exchanges().back(); }
  std::unique_ptr<Client> client_ = client(service_quotas);
};

TEST_F(ServiceQuotas, AreListedPageByPage) {
  transport_.answer(200, R"({"Quotas":[{"QuotaName":"n","QuotaCode":"L-1","Value":2.0}],"NextToken":"t"})");
  const auto page = list_service_quotas(*client_, "sagemaker");
  ASSERT_TRUE(page);
  EXPECT_EQ(page->quotas.at(0).name, "n");
  EXPECT_EQ(page->quotas.at(0).code, "L-1");
  EXPECT_EQ(page->quotas.at(0).value, 2);
  EXPECT_EQ(page->next_token, "t");
  EXPECT_EQ(sent().request.url, "https://servicequotas.eu-west-1.amazonaws.com/");
  EXPECT_EQ(sent().header("X-Amz-Target"), "ServiceQuotasV20190624.ListServiceQuotas");
  EXPECT_EQ(Json::parse(sent().body), Json::parse(R"({"ServiceCode":"sagemaker","MaxResults":100})"));
}

TEST_F(ServiceQuotas, HaveDefaultsOfAws) {
  transport_.answer(200, R"({"Quotas":[]})");
  EXPECT_EQ(list_aws_default_service_quotas(*client_, "sagemaker", "t")->next_token, "");
  EXPECT_EQ(sent().header("X-Amz-Target"), "ServiceQuotasV20190624.ListAWSDefaultServiceQuotas");
  EXPECT_EQ(Json::parse(sent().body).at("NextToken"), "t");
}

TEST_F(ServiceQuotas, AreGotByTheirCode) {
  transport_.answer(200, R"({"Quota":{"QuotaName":"n","QuotaCode":"L-1","Value":2.0}})");
  EXPECT_EQ(get_service_quota(*client_, "sagemaker", "L-1")->value, 2);
  EXPECT_EQ(sent().header("X-Amz-Target"), "ServiceQuotasV20190624.GetServiceQuota");
  EXPECT_EQ(Json::parse(sent().body), Json::parse(R"({"ServiceCode":"sagemaker","QuotaCode":"L-1"})"));
  transport_.answer(200, R"({"Quota":{"QuotaName":"n","QuotaCode":"L-1","Value":1.0}})");
  EXPECT_EQ(get_aws_default_service_quota(*client_, "sagemaker", "L-1")->value, 1);
  EXPECT_EQ(sent().header("X-Amz-Target"), "ServiceQuotasV20190624.GetAWSDefaultServiceQuota");
  transport_.answer(200, "{}");
  EXPECT_EQ(get_service_quota(*client_, "sagemaker", "L-1").error().kind, Kind::answer);
  transport_.answer(400, R"({"__type":"NoSuchResourceException","message":"no"})");
  EXPECT_EQ(get_service_quota(*client_, "sagemaker", "L-1").error().kind, Kind::not_found);
}

TEST_F(ServiceQuotas, OfTheWrongFormAreAnAnswerThatCannotBeUnderstood) {
  for (const char* body : {R"({"Quotas":{}})", R"({"Quotas":[{"QuotaName":"n"}]})", R"({"Quotas":[1]})",
                           R"({"Quotas":[{"QuotaName":"n","Value":"many"}]})", R"({"NextToken":7})"}) {
    transport_.answer(200, body);
    EXPECT_EQ(list_service_quotas(*client_, "sagemaker").error().kind, Kind::answer) << body;
  }
}

}  // namespace
}  // namespace smflow::aws
