#include "vscode_launch.hpp"

#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <smflow/base/json.hpp>

namespace smflow::cli {

TEST(LaunchEntries, OfPythonInAnImageAreMappedToTheFolderThatTheImageIsBuiltFrom) {
  const test::TemporaryFolder workspace;
  VscodeTarget python;
  python.program.executable = "/usr/bin/python3";
  const auto local_root = [&] {
    EXPECT_TRUE(write_launch_entries(workspace.path(), python));
    const Json launch = Json::parse(test::slurp(workspace / ".vscode/launch.json"));
    return launch["configurations"][0]["pathMappings"][0]["localRoot"].get<std::string>();
  };
  EXPECT_EQ(local_root(), "${workspaceFolder}");
  workspace.write("sagemaker_container/main.py", "");
  EXPECT_EQ(local_root(), "${workspaceFolder}/sagemaker_container");
}

}  // namespace smflow::cli
