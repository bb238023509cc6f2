#include "support/temporary_folder.hpp"

#include <fstream>
#include <map>

#include <gtest/gtest.h>

#include <smflow/storage/cached_store.hpp>

namespace smflow::storage {

namespace fs = std::filesystem;

namespace {

// Objects in memory, which says how often each was fetched.
class MemoryStore : public Store {
 public:
  std::map<std::string, std::string> objects;
  std::map<std::string, int> fetched;
  bool has_etags = true;

  std::string uri() const override { return "s3://bucket"; }
  std::string uri(std::string_view key) const override { return "s3://bucket/" + std::string(key); }
  Result<void> put(std::string_view key, std::string_view content, bool) override {
    objects[std::string(key)] = content;
    return {};
  }
  Result<void> put_file(std::string_view key, const fs::path& file, bool) override {
    return put(key, test::slurp(file), false);
  }
  Result<std::string> get(std::string_view key, std::uint64_t) override { return objects.at(std::string(key)); }
  Result<void> get_file(std::string_view key, const fs::path& file) override {
    ++fetched[std::string(key)];
    fs::create_directories(file.parent_path());
    std::ofstream(file) << objects.at(std::string(key));
    return {};
  }
  Result<std::vector<ObjectInfo>> list(std::string_view) override {
    std::vector<ObjectInfo> all;
    for (const auto& [key, content] : objects) {
      const std::string etag = has_etags ? "\"" + std::to_string(std::hash<std::string>{}(content)) + "\"" : "";
      all.push_back({.key = key, .size = content.size(), .etag = etag});
    }
    return all;
  }
  Result<bool> exists(std::string_view key) override { return objects.contains(std::string(key)); }
  Result<void> remove(std::string_view key) override {
    objects.erase(std::string(key));
    return {};
  }
};

class CachedStoreTest : public testing::Test {
 protected:
  CachedStoreTest() {
    auto memory = std::make_unique<MemoryStore>();
    memory_ = memory.get();
    memory_->objects = {{"a.txt", "one"}, {"sub/b.txt", "two"}};
    store_ = with_cache(std::move(memory), folder_ / "cache");
  }

  void fetch(const char* into) { ASSERT_TRUE(sync_down(*store_, "", folder_ / into)); }

  test::TemporaryFolder folder_;
  MemoryStore* memory_;
  std::unique_ptr<Store> store_;
};

}  // namespace

TEST_F(CachedStoreTest, FetchesEveryObjectOnce) {
  fetch("first");
  fetch("second");
  EXPECT_EQ(test::slurp(folder_ / "second/sub/b.txt"), "two");
  EXPECT_EQ(memory_->fetched, (std::map<std::string, int>{{"a.txt", 1}, {"sub/b.txt", 1}}));
}

TEST_F(CachedStoreTest, FetchesAnObjectAgainThatHasChanged) {
  fetch("first");
  memory_->objects["a.txt"] = "ONE";
  fetch("second");
  EXPECT_EQ(test::slurp(folder_ / "second/a.txt"), "ONE");
  EXPECT_EQ(test::slurp(folder_ / "first/a.txt"), "one");
  EXPECT_EQ(memory_->fetched["a.txt"], 2);
  EXPECT_EQ(memory_->fetched["sub/b.txt"], 1);
}

TEST_F(CachedStoreTest, WhatIsKeptOutlivesTheCopyAndCannotBeWrittenThroughIt) {
  fetch("first");
  EXPECT_EQ(fs::status(folder_ / "first/a.txt").permissions(), fs::perms(0444));
  fs::remove_all(folder_ / "first");
  fetch("second");
  EXPECT_EQ(test::slurp(folder_ / "second/a.txt"), "one");
  EXPECT_EQ(memory_->fetched["a.txt"], 1);
}

TEST_F(CachedStoreTest, ADamagedEntryIsNotUsed) {
  fetch("first");
  for (const auto& entry : fs::recursive_directory_iterator(folder_ / "cache")) {
    if (!entry.is_regular_file()) continue;
    fs::remove(entry.path());
    std::ofstream(entry.path()) << "half of what it was, or more";
  }
  fetch("second");
  EXPECT_EQ(test::slurp(folder_ / "second/a.txt"), "one");
}

TEST_F(CachedStoreTest, WithoutEtagsNothingIsKept) {
  memory_->has_etags = false;
  fetch("first");
  fetch("second");
  EXPECT_EQ(memory_->fetched["a.txt"], 2);
  EXPECT_FALSE(fs::exists(folder_ / "cache"));
}

TEST_F(CachedStoreTest, IsPrunedByUseAndNeverUnderARunningJob) {
  fetch("first");
  fetch("second");
  prune_cache(folder_ / "cache", 0);
  fs::remove_all(folder_ / "first");
  fs::remove_all(folder_ / "second");
  fetch("third");
  EXPECT_EQ(memory_->fetched["a.txt"], 1) << "it was in use";
  fs::remove_all(folder_ / "third");
  prune_cache(folder_ / "cache", 3);
  fetch("fourth");
  EXPECT_EQ(memory_->fetched["a.txt"] + memory_->fetched["sub/b.txt"], 3) << "one of the two had to go";
}

}  // namespace smflow::storage
