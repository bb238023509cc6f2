#include "client_fixture.hpp"

#include <smflow/aws/operations/sts.hpp>

namespace smflow::aws {
namespace {

TEST_F(ClientTest, AsksWhoTheCallerIs) {
  transport_.answer(
      200,
      "<GetCallerIdentityResponse xmlns='https://sts.amazonaws.com/doc/2011-06-15/'><GetCallerIdentityResult>"
      "<Arn>arn:aws:iam::1:user/ann</Arn><UserId>U</UserId><Account>1</Account></GetCallerIdentityResult>"
      "</GetCallerIdentityResponse>");
  const auto one = client(sts);
  const auto identity = get_caller_identity(*one);
  ASSERT_TRUE(identity);
  EXPECT_EQ(identity->account, "1");
  EXPECT_EQ(identity->arn, "arn:aws:iam::1:user/ann");
  EXPECT_EQ(identity->user_id, "U");
  transport_.answer(200, "<Other/>");
  EXPECT_EQ(get_caller_identity(*one).error().kind, AwsError::Kind::answer);
}

}  // namespace
}  // namespace smflow::aws
