#include "credentials_fixture.hpp"

namespace smflow::aws {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

TEST(SplitCommand, SplitsAsAShellDoes) {
  EXPECT_THAT(*split_command(R"( a "b c" 'd "e' f\ g "h\"i" '' )"),
              ElementsAre("a", "b c", "d \"e", "f g", "h\"i", ""));
  EXPECT_THAT(*split_command("$HOME;x"), ElementsAre("$HOME;x"));
  EXPECT_FALSE(split_command("a 'b"));
}

class CredentialProcess : public CredentialsTest {
 protected:
  void SetUp() override { environment_["AWS_EC2_METADATA_DISABLED"] = "true"; }
  void process(const std::string& script) { profile("default")["credential_process"] = {"sh -c '" + script + "'"}; }
};

TEST_F(CredentialProcess, PrintsKeys) {
  process(
      R"(echo "{\"Version\":1,\"AccessKeyId\":\"P\",\"SecretAccessKey\":\"S\",\"SessionToken\":\"T\",\"Expiration\":\"2024-01-15T13:00:00Z\"}")");
  EXPECT_EQ(found().access_key_id, "P");
  EXPECT_EQ(found().session_token, "T");
  EXPECT_TRUE(found().expires);
}

TEST_F(CredentialProcess, ThatFailsIsAnErrorWithItsWords) {
  process("echo no such user >&2; exit 3");
  EXPECT_EQ(failure().code, "E405");
  EXPECT_THAT(failure().message, HasSubstr("ended with 3: no such user"));
}

TEST_F(CredentialProcess, ThatPrintsSomethingElseIsAnErrorWithoutIt) {
  for (const char* script : {"echo very-secret", "echo {}", "echo \"{\\\"Version\\\":2}\"", "echo []",
                             "echo \"{\\\"Version\\\":1,\\\"SecretAccessKey\\\":\\\"very-secret\\\"}\"", "true"}) {
    process(script);
    EXPECT_EQ(failure().code, "E405") << script;
    EXPECT_THAT(failure().message, Not(HasSubstr("very-secret")));
  }
}

TEST_F(CredentialProcess, ThatIsNotThereIsAnError) {
  profile("default")["credential_process"] = {"/no/such/program --x"};
  EXPECT_EQ(failure().code, "E405");
  profile("default")["credential_process"] = {"a 'b"};
  EXPECT_EQ(failure().code, "E405");
}

TEST(RunProcess, KillsWhatTakesTooLong) {
  const auto output = run_process({"sh", "-c", "sleep 100 & sleep 100"}, {.time = std::chrono::milliseconds{50}});
  ASSERT_FALSE(output);
  EXPECT_EQ(output.error().code, "E405");
  EXPECT_THAT(output.error().message, HasSubstr("took longer than 50 ms"));
}

TEST(RunProcess, StopsWhatPrintsTooMuch) {
  const auto output = run_process({"sh", "-c", "while :; do echo aaaaaaaaaaaaaaaaaaaaaaaa; done"}, {.bytes = 1000});
  ASSERT_FALSE(output);
  EXPECT_THAT(output.error().message, HasSubstr("more than 1000 bytes"));
}

TEST(RunProcess, DoesNotWaitForWhatTheProcessLeftBehind) {
  const auto output = run_process({"sh", "-c", "sleep 2 & echo done"}, {});
  ASSERT_TRUE(output);
  EXPECT_THAT(output->out, HasSubstr("done"));
}

TEST(RunProcess, GivesTheSignalAsAShellDoes) {
  EXPECT_EQ(run_process({"sh", "-c", "kill -9 $$"}, {})->exit_code, 137);
}

}  // namespace
}  // namespace smflow::aws
