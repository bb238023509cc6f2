#include "support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <smflow/docker/build_context.hpp>

namespace smflow::docker {
namespace {

using smflow::test::TemporaryFolder;
using testing::HasSubstr;
using testing::Not;

class BuildContextTest : public testing::Test {
 protected:
  Result<BuildContext> read(const char* dockerfile = "Dockerfile") {
    return read_context(folder_.path(), folder_ / dockerfile);
  }
  static std::string tar_of(const BuildContext& context) {
    std::string bytes(context.tar->size(), '?');
    EXPECT_TRUE(context.tar->read(0, std::as_writable_bytes(std::span(bytes))));
    return bytes;
  }

  TemporaryFolder folder_;
};

TEST_F(BuildContextTest, HoldsWhatIsNotIgnored) {
  folder_.write("Dockerfile", "FROM scratch");
  folder_.write(".dockerignore", "*\n!src\nsrc/secret\n");
  folder_.write("src/main.cpp", "int main");
  folder_.write("src/secret", "hunter2");
  folder_.write("other", "other content");
  const auto context = read();
  ASSERT_TRUE(context) << context.error().message;
  EXPECT_EQ(context->dockerfile, "Dockerfile");
  const std::string tar = tar_of(*context);
  EXPECT_THAT(tar, HasSubstr("FROM scratch"));
  EXPECT_THAT(tar, HasSubstr("int main"));
  EXPECT_THAT(tar, Not(HasSubstr("hunter2")));
  EXPECT_THAT(tar, Not(HasSubstr("other content")));
}

TEST_F(BuildContextTest, TakesTheIgnoreFileOfItsDockerfile) {
  folder_.write("docker/D", "FROM scratch");
  folder_.write("docker/D.dockerignore", "docker\nb");
  folder_.write(".dockerignore", "a");
  folder_.write("a", "content of a");
  folder_.write("b", "content of b");
  const auto context = read("docker/D");
  ASSERT_TRUE(context) << context.error().message;
  EXPECT_EQ(context->dockerfile, "docker/D");
  const std::string tar = tar_of(*context);
  EXPECT_THAT(tar, HasSubstr("FROM scratch"));
  EXPECT_THAT(tar, HasSubstr("content of a"));
  EXPECT_THAT(tar, Not(HasSubstr("content of b")));
}

TEST_F(BuildContextTest, RefusesADockerfileThatIsNotInside) {
  const TemporaryFolder other;
  std::filesystem::create_symlink(other.write("Dockerfile", ""), folder_ / "link");
  for (const char* name : {"missing", ".", "link"}) {
    const auto context = read(name);
    ASSERT_FALSE(context) << name;
    EXPECT_EQ(context.error().code, "E360") << name;
  }
}

TEST_F(BuildContextTest, NamesTheBadLineOfAnIgnoreFile) {
  folder_.write("Dockerfile", "");
  folder_.write(".dockerignore", "a\n[");
  const auto context = read();
  ASSERT_FALSE(context);
  EXPECT_EQ(context.error().code, "E358");
  EXPECT_THAT(context.error().where->file, HasSubstr(".dockerignore"));
}

}  // namespace
}  // namespace smflow::docker
