#include "sample_environment.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <smflow/runtime/entry_point.hpp>

namespace smflow::runtime {

namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
namespace fs = std::filesystem;

class EntryPointTest : public testing::Test {
 protected:
  Environment environment(const std::map<std::string, std::string>& hyperparameters = {}, Variables given = {}) {
    Environment result = sample_environment(hyperparameters, two_hosts, "{}", std::move(given));
    result.paths = {.base = folder_.path()};
    fs::create_directories(result.paths.code());
    return result;
  }

  std::string found(const std::map<std::string, std::string>& hyperparameters = {}, Variables given = {}) {
    const auto program = find_entry_point(environment(hyperparameters, std::move(given)));
    return program ? program->name : program.error().code;
  }

  test::TemporaryFolder folder_;
};

}  // namespace

TEST_F(EntryPointTest, IsTheVariableThenTheHyperparameterThenAUsualName) {
  folder_.write("code/main.py", "");
  folder_.write("code/bin/a", "");
  folder_.write("code/b.sh", "");
  EXPECT_EQ(found(), "main.py");
  EXPECT_EQ(found({{"sagemaker_program", "\"b.sh\""}}), "b.sh");
  EXPECT_EQ(found({{"sagemaker_program", "b.sh"}}, {{"SAGEMAKER_PROGRAM", "./bin/a"}}), "bin/a");
  EXPECT_EQ(found({}, {{"SAGEMAKER_PROGRAM", ""}}), "main.py");
  folder_.write("code/main", "");
  EXPECT_EQ(found(), "main");
}

TEST_F(EntryPointTest, IsRefusedWithTheReason) {
  EXPECT_EQ(found(), "E223");
  EXPECT_EQ(found({{"sagemaker_submit_directory", "s3://bucket/code.tar.gz"}}), "E232");
  EXPECT_EQ(found({}, {{"SAGEMAKER_PROGRAM", "missing"}}), "E222");
  for (const char* name : {"../main", "/bin/sh", "a/../../b", "a//b"}) {
    EXPECT_EQ(found({}, {{"SAGEMAKER_PROGRAM", name}}), "E221") << name;
  }
  fs::create_directory(folder_ / "code/main");
  EXPECT_EQ(found({}, {{"SAGEMAKER_PROGRAM", "main"}}), "E222") << "a folder is no program";
}

TEST_F(EntryPointTest, KindFollowsTheName) {
  for (const auto& [name, kind] : {std::pair("a.py", ProgramKind::python), std::pair("a.sh", ProgramKind::shell),
                                   std::pair("a", ProgramKind::native), std::pair("a.bin", ProgramKind::native)}) {
    folder_.write(std::string("code/") + name, "");
    const auto program = find_entry_point(environment({}, {{"SAGEMAKER_PROGRAM", name}}));
    ASSERT_TRUE(program);
    EXPECT_EQ(program->kind, kind) << name;
  }
}

TEST_F(EntryPointTest, ArgumentsAreTheHyperparameters) {
  folder_.write("code/main", "");
  const auto program = find_entry_point(environment({{"lr", "0.1"}, {"sagemaker_x", "1"}}));
  ASSERT_TRUE(program);
  EXPECT_THAT(program->arguments, ElementsAre("--lr", "0.1"));
}

TEST_F(EntryPointTest, MakesAProgramExecutableForItsUserOnly) {
  const fs::path file = folder_.write("code/bin/main", "");
  fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write | fs::perms::group_read);
  const auto command = command_of({"bin/main", ProgramKind::native, {"--x", "1"}}, folder_ / "code");
  ASSERT_TRUE(command);
  EXPECT_THAT(*command, ElementsAre("./bin/main", "--x", "1"));
  EXPECT_EQ(fs::status(file).permissions(), fs::perms::owner_all | fs::perms::group_read);
}

TEST_F(EntryPointTest, RunsPythonByPython) {
  folder_.write("code/a.py", "");
  const auto command = command_of({"a.py", ProgramKind::python, {"-v", "1"}}, folder_ / "code");
  ASSERT_TRUE(command);
  EXPECT_THAT(*command, ElementsAre(EndsWith("/python3"), "a.py", "-v", "1"));
}

TEST_F(EntryPointTest, SaysWhenThereIsNoPython) {
  const std::string path = getenv("PATH");
  setenv("PATH", folder_.path().c_str(), 1);
  const auto command = command_of({"a.py", ProgramKind::python, {}}, folder_ / "code");
  setenv("PATH", path.c_str(), 1);
  ASSERT_FALSE(command);
  EXPECT_EQ(command.error().code, "E225");
}

TEST_F(EntryPointTest, InstallsRequirementsOfAPythonProgramOnly) {
  const EntryPoint python{"a.py", ProgramKind::python, {}};
  const fs::path code = folder_ / "code";
  EXPECT_THAT(requirements_command(python, code), IsEmpty());
  folder_.write("code/requirements.txt", "\n# nothing yet\n  \n");
  EXPECT_THAT(requirements_command(python, code), IsEmpty());
  folder_.write("code/requirements.txt", "# one\nnumpy\n");
  EXPECT_THAT(requirements_command(python, code),
              ElementsAre(EndsWith("/python3"), "-m", "pip", "install", "-r", "requirements.txt"));
  EXPECT_THAT(requirements_command({"a.sh", ProgramKind::shell, {}}, code), IsEmpty());
}

}  // namespace smflow::runtime
