#include "client_fixture.hpp"

#include <smflow/aws/operations/iam.hpp>

namespace smflow::aws {
namespace {

using testing::HasSubstr;
using Kind = AwsError::Kind;

class Iam : public ClientTest {
 protected:
  const test::FakeTransport::Exchange& sent() const { return transport_.exchanges().back(); }
  std::unique_ptr<Client> client_ = client(iam);
};

std::string answer_of(const std::string& operation, const std::string& result) {
  return "<" + operation + "Response xmlns='https://iam.amazonaws.com/doc/2010-05-08/'><" + operation + "Result>" +
         result + "</" + operation + "Result></" + operation + "Response>";
}

TEST_F(Iam, ReadsARoleWithItsDecodedTrust) {
  transport_.answer(200, answer_of("GetRole",
                                   "<Role><RoleName>train</RoleName><Arn>arn:aws:iam::1:role/ml/train</Arn>"
                                   "<AssumeRolePolicyDocument>%7B%22Version%22%3A%222012-10-17%22%7D"
                                   "</AssumeRolePolicyDocument></Role>"));
  const auto role = get_role(*client_, "train");
  ASSERT_TRUE(role);
  EXPECT_EQ(role->arn, "arn:aws:iam::1:role/ml/train");
  EXPECT_EQ(role->trust_policy, R"({"Version":"2012-10-17"})");
  EXPECT_EQ(sent().request.url, "https://iam.amazonaws.com/");
  EXPECT_EQ(sent().body, "Action=GetRole&Version=2010-05-08&RoleName=train");
  EXPECT_THAT(sent().header("Authorization"), HasSubstr("/us-east-1/iam/aws4_request"));
}

TEST_F(Iam, TellsARoleThatIsNotThere) {
  transport_.answer(404,
                    "<ErrorResponse><Error><Code>NoSuchEntity</Code><Message>no role</Message></Error>"
                    "<RequestId>r</RequestId></ErrorResponse>");
  const auto role = get_role(*client_, "train");
  EXPECT_EQ(role.error().kind, Kind::not_found);
  EXPECT_EQ(role.error().request_id, "r");
}

TEST_F(Iam, RefusesAnAnswerWithoutARole) {
  for (const std::string& body :
       {std::string("<Other/>"), answer_of("GetRole", ""), answer_of("GetRole", "<Role><Arn/></Role>"),
        answer_of("GetRole", "<Role><Arn>a</Arn><AssumeRolePolicyDocument>%7</AssumeRolePolicyDocument></Role>")}) {
    transport_.answer(200, body);
    EXPECT_EQ(get_role(*client_, "train").error().kind, Kind::answer) << body;
  }
}

TEST_F(Iam, AsksForOneDecisionInItsContext) {
  transport_.answer(
      200, answer_of("SimulatePrincipalPolicy",
                     "<EvaluationResults><member><EvalDecision>implicitDeny</EvalDecision><MissingContextValues>"
                     "<member>aws:SourceIp</member><member>aws:CurrentTime</member>"
                     "</MissingContextValues></member></EvaluationResults>"));
  const auto decision = simulate_principal_policy(*client_, {.principal_arn = "arn:user",
                                                             .action = "iam:PassRole",
                                                             .resource_arn = "arn:role",
                                                             .context = {{"iam:PassedToService", "sagemaker"}}});
  EXPECT_EQ(decision->decision, "implicitDeny");
  EXPECT_THAT(decision->missing_context, testing::ElementsAre("aws:SourceIp", "aws:CurrentTime"));
  EXPECT_THAT(sent().body, HasSubstr("PolicySourceArn=arn%3Auser&ActionNames.member.1=iam%3APassRole"));
  EXPECT_THAT(sent().body, HasSubstr("ContextEntries.member.1.ContextKeyName=iam%3APassedToService"));
  EXPECT_THAT(sent().body, HasSubstr("ContextEntries.member.1.ContextKeyValues.member.1=sagemaker"));
}

TEST_F(Iam, RefusesASimulationWithoutADecision) {
  transport_.answer(200, answer_of("SimulatePrincipalPolicy", "<EvaluationResults/>"));
  EXPECT_EQ(simulate_principal_policy(*client_, {"a", "b", "c"}).error().kind, Kind::answer);
}

}  // namespace
}  // namespace smflow::aws
