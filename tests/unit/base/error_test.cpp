#include <cerrno>

#include <gtest/gtest.h>

#include <smflow/base/error.hpp>

namespace smflow {
namespace {

TEST(SystemErrorText, StartsLowerCaseAndNamesTheConstant) {
  EXPECT_EQ(system_error_text(ENOSPC), "no space left on device (ENOSPC)");
  EXPECT_EQ(system_error_text(ENOENT), "no such file or directory (ENOENT)");
}

TEST(SystemErrorText, KeepsAbbreviationsAndUnknownNumbers) {
  EXPECT_EQ(system_error_text(EADV).substr(0, 3), "adv");
  EXPECT_EQ(system_error_text(ENOTBLK).substr(0, 5), "block");
  EXPECT_NE(system_error_text(99999).find("99999"), std::string::npos);
  EXPECT_EQ(system_error_text(EL2NSYNC)[0], 'l');
}

TEST(SystemError, SaysWhatAndWhy) {
  const Error error = system_error("cannot write '/a/b'", EACCES);
  EXPECT_EQ(error.code, "E900");
  EXPECT_EQ(error.exit, ExitCode::machine);
  EXPECT_EQ(error.message, "cannot write '/a/b': permission denied (EACCES)");
}

TEST(SystemError, OffersAFixForAFullDisk) {
  EXPECT_NE(system_error("cannot write 'x'", ENOSPC).fix.find("free some disk space"), std::string::npos);
  EXPECT_TRUE(system_error("cannot write 'x'", EIO).fix.empty());
}

TEST(ValueOrThrow, GivesTheValueOrThrowsTheError) {
  EXPECT_EQ(value_or_throw(Result<int>(7)), 7);
  EXPECT_NO_THROW(value_or_throw(Result<void>()));
  const Error error{.code = "E123", .exit = ExitCode::not_found, .message = "there is no 'x'"};
  try {
    value_or_throw(Result<int>(tl::unexpected(error)));
    FAIL() << "nothing was thrown";
  } catch (const CommandFailure& failure) {
    ASSERT_EQ(failure.errors().size(), 1u);
    EXPECT_EQ(failure.errors()[0].code, "E123");
    EXPECT_EQ(failure.errors()[0].exit, ExitCode::not_found);
    EXPECT_STREQ(failure.what(), "there is no 'x'");
  }
  EXPECT_THROW(value_or_throw(Result<void>(tl::unexpected(error))), CommandFailure);
}

TEST(CommandFailure, CarriesAllErrorsOfAnInput) {
  const CommandFailure failure(
      std::vector<Error>{{.code = "E001", .message = "one"}, {.code = "E002", .message = "two"}});
  EXPECT_EQ(failure.errors().size(), 2u);
  EXPECT_STREQ(failure.what(), "one");
}

TEST(ExitCodes, AreThoseOfTheManual) {
  EXPECT_EQ(static_cast<int>(ExitCode::configuration), 3);
  EXPECT_EQ(static_cast<int>(ExitCode::job_failed), 10);
  EXPECT_EQ(static_cast<int>(ExitCode::conflict), 14);
  EXPECT_EQ(static_cast<int>(ExitCode::interrupted), 130);
  EXPECT_EQ(static_cast<int>(ExitCode::terminated), 143);
}

}  // namespace
}  // namespace smflow
