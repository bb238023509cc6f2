#include "vscode_launch.hpp"

#include "support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <smflow/base/json.hpp>

namespace smflow::cli {

namespace {

VscodeTarget target_of(const std::string& executable) {
  VscodeTarget target;
  target.job = "job";
  target.host = "algo-1";
  target.program.executable = executable;
  return target;
}

}  // namespace

TEST(LaunchEntries, OfPythonInAnImageAreMappedToTheFolderThatTheImageIsBuiltFrom) {
  const test::TemporaryFolder workspace;
  VscodeTarget python = target_of("/usr/bin/python3");
  python.program.has_debugpy = true;
  const auto local_root = [&] {
    EXPECT_TRUE(write_launch_entries(workspace.path(), python));
    const Json launch = Json::parse(test::slurp(workspace / ".vscode/launch.json"));
    return launch["configurations"][0]["pathMappings"][0]["localRoot"].get<std::string>();
  };
  EXPECT_EQ(local_root(), "${workspaceFolder}");
  workspace.write("sagemaker_container/main.py", "");
  EXPECT_EQ(local_root(), "${workspaceFolder}/sagemaker_container");
}

TEST(LaunchEntries, OfDebugpyAreForAProgramThatRunsUnderIt) {
  const test::TemporaryFolder workspace;
  VscodeTarget python = target_of("/usr/bin/python3");
  python.program.has_gdb = true;
  EXPECT_THAT(write_launch_entries(workspace.path(), python)->names, testing::ElementsAre("smflow: gdb in algo-1"));
  python.program.has_debugpy = true;
  EXPECT_THAT(write_launch_entries(workspace.path(), python)->names,
              testing::ElementsAre("smflow: debugpy in algo-1", "smflow: gdb in algo-1"));
}

TEST(LaunchEntries, KeepACopyOfAFileWhoseCommentsAreLost) {
  const test::TemporaryFolder workspace;
  const std::string commented = "{\n  // mine\n  \"configurations\": [{\"name\": \"own\"}]\n}\n";
  const auto file = workspace.write(".vscode/launch.json", commented);
  VscodeTarget native = target_of("/opt/ml/code/main");
  native.program.has_gdb = true;
  const auto first = write_launch_entries(workspace.path(), native);
  ASSERT_TRUE(first) << first.error().message;
  EXPECT_EQ(test::slurp(first->kept_as), commented);
  EXPECT_EQ(Json::parse(test::slurp(file))["configurations"][0]["name"], "own");
  const auto again = write_launch_entries(workspace.path(), native);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(again->kept_as, "");
}

TEST(LaunchEntries, LeaveAFileThatIsNoJsonAsItIs) {
  const test::TemporaryFolder workspace;
  const std::string broken = "{\"configurations\": [],}\n";
  const auto file = workspace.write(".vscode/launch.json", broken);
  const auto written = write_launch_entries(workspace.path(), {});
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, "E384");
  EXPECT_THAT(written.error().fix, testing::HasSubstr("no comma before a closing bracket"));
  EXPECT_EQ(test::slurp(file), broken);
}

}  // namespace smflow::cli
