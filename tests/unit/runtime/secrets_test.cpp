#include "sample_environment.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <smflow/runtime/secrets.hpp>

namespace smflow::runtime {

TEST(Secrets, HideTheValuesOfVariablesAndHyperparameters) {
  const Secrets secrets(sample_environment({{"db_password", "\"hunter2-long\""}, {"sagemaker_api_token", "tok-123456"}},
                                           two_hosts, "{}", {{"MY_TOKEN", "value-of-it"}, {"NAME", "not-secret"}}));
  EXPECT_EQ(secrets.hide("a value-of-it b hunter2-long c tok-123456 d not-secret"),
            "a [redacted] b [redacted] c [redacted] d not-secret");
}

TEST(Secrets, HideLongerValuesFirst) {
  const Secrets secrets(sample_environment({}, two_hosts, "{}", {{"A_TOKEN", "abcdef"}, {"B_TOKEN", "abcdefghi"}}));
  EXPECT_EQ(secrets.hide("abcdefghi abcdef"), "[redacted] [redacted]");
}

TEST(Secrets, OfAFewBytesAreNotSearchedFor) {
  const Secrets secrets(sample_environment({{"token", "5"}}));
  EXPECT_EQ(secrets.hide("epoch 5"), "epoch 5");
}

TEST(Secrets, HideCredentialsByTheirForm) {
  const Secrets secrets(sample_environment());
  EXPECT_THAT(secrets.hide("id AKIAIOSFODNN7EXAMPLE"), testing::Not(testing::HasSubstr("AKIAIOSFODNN7EXAMPLE")));
}

TEST(PrintableCommand, HidesWhatStandsBehindASecretName) {
  EXPECT_EQ(printable_command({"./main", "--api_token", "abc", "--lr", "0.1", "--password", "--lr", "x y"}),
            "./main --api_token *** --lr 0.1 --password *** 'x y'");
}

TEST(PrintableCommand, QuotesForAShellAndShowsControls) {
  EXPECT_EQ(printable_command({"./my main", "a'b", "\x1b[31m"}), "'./my main' 'a'\\''b' '\\x1b[31m'");
}

}  // namespace smflow::runtime
