#include "record_files.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include <smflow/base/sha256.hpp>

namespace smflow::records {
namespace {

constexpr const char* own_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
constexpr const char* other_key = "q9Zr3kX7vB1nM5cL8wTyH2jG6fD4sA0pQeUiOoRx";

class RecordFiles : public ::testing::Test {
 protected:
  std::string content(const std::string& key) const {
    const auto files = record_files(run_.plan, run_.input, WallTime{});
    const auto found = std::ranges::find(files, key, &RecordFile::key);
    return found == files.end() ? std::string() : found->content;
  }
  OrderedJson record() const { return OrderedJson::parse(content("record.json")); }
  bool says(const std::string& where, const std::string& rule) const {
    return std::ranges::any_of(record()["redactions"], [&](const OrderedJson& one) {
      return one == OrderedJson{{"where", where}, {"rule", rule}};
    });
  }
  void change_code(const std::string& patch) {
    run_.input.source = {.state = {.commit = std::string(40, 'a'), .dirty = true, .patch = "source.patch"},
                         .patch = patch};
  }

  test::Recorded run_ = test::run_named("gan-20260131-120000-x7k2a", "file:///results");
};

TEST_F(RecordFiles, HaveNoCredentialThatIsKnownByItsForm) {
  run_.input.argv = {"smflow", "run", "AKIAIOSFODNN7EXAMPLE"};
  EXPECT_EQ(record()["invocation"]["argv"][2], "[redacted:access-key-id]");
  EXPECT_TRUE(says("invocation.argv", "access-key-id"));
}

TEST_F(RecordFiles, HaveNoSecretOfTheUserWhereverItStands) {
  run_.input.own_secrets = {own_key};
  run_.input.argv = {"smflow", "run", "--set", std::string("A.B=") + own_key};
  run_.input.effective_sagemaker["CONTAINER"]["ENVIRONMENT"] = {{"NOTE", own_key}};
  run_.input.overrides = {{"sagemaker", {std::string("A.B=") + own_key}}};
  run_.input.request = {{"Environment", {{"NOTE", own_key}}}};
  run_.plan.environment = {{"NOTE", own_key}};
  change_code(std::string("+client('s3', '") + own_key + "')\n");
  for (const RecordFile& file : record_files(run_.plan, run_.input, WallTime{})) {
    EXPECT_EQ(file.content.find(own_key), std::string::npos) << file.key;
  }
  for (const char* where : {"invocation.argv", "invocation.overrides.sagemaker", "source.patch", "env.passed.NOTE",
                            "configs.effective.sagemaker.CONTAINER.ENVIRONMENT.NOTE"}) {
    EXPECT_TRUE(says(where, "credentials")) << where;
  }
}

TEST_F(RecordFiles, HaveNoRandomWordBesideOneThatSpeaksOfASecret) {
  change_code(std::string("+my_secret = '") + other_key + "'\n+apiKey: 0123456789abcdef0123456789abcdef\n");
  EXPECT_EQ(content("source.patch"), "+my_secret = '[redacted:entropy]'\n+apiKey: [redacted:entropy]\n");
  EXPECT_TRUE(says("source.patch", "entropy"));
}

TEST_F(RecordFiles, KeepWordsThatAreNoSecrets) {
  const std::string patch = std::string("+name = '") + other_key +
                            "'\n+TOKENIZERS_PARALLELISM=0123456789abcdef0123456789abcdef\n"
                            "+secret: arn:aws:iam::123456789012:role/SageMakerTrainingRole\n"
                            "+token_of_image@sha256:0123456789abcdef0123456789abcdef\n"
                            "+read_the_token_of_a_file_name_that_is_long(12)";
  change_code(patch);
  EXPECT_EQ(content("source.patch"), patch);
  EXPECT_TRUE(record()["redactions"].empty());
}

TEST_F(RecordFiles, NameThePatchThatIsThereAndSayThatItIsNotWhole) {
  run_.input.own_secrets = {own_key};
  change_code(std::string("+key = ") + own_key + "\n");
  const OrderedJson source = record()["source"];
  EXPECT_EQ(source["patch"]["sha256"], sha256_hex(content("source.patch")));
  EXPECT_EQ(source["patch_omitted"], "secrets");
  EXPECT_FALSE(record()["replicate"]["exact"].get<bool>());
}

TEST_F(RecordFiles, KeepTheSchemaOfTheTrainingProgram) {
  EXPECT_TRUE(record()["configs"]["schema"].is_null());
  run_.input.training_schema = "{}";
  const std::string key = record()["configs"]["schema"]["key"];
  EXPECT_EQ(content(key), "{}");
}

TEST_F(RecordFiles, NameTheImageThatSageMakerWasSent) {
  run_.plan.image_uri = "gan:1";
  EXPECT_EQ(record()["image"]["uri"], "gan:1");
  run_.input.request = {{"AlgorithmSpecification", {{"TrainingImage", "1.dkr.ecr.x.amazonaws.com/gan:1"}}}};
  EXPECT_EQ(record()["image"]["uri"], "1.dkr.ecr.x.amazonaws.com/gan:1");
}

TEST_F(RecordFiles, ReplicateInTheBucketWhateverTheExperimentIsCalled) {
  run_.input.experiment = "results";
  EXPECT_EQ(record()["replicate"]["command"],
            "smflow runs replicate gan-20260131-120000-x7k2a --bucket file:///results");
}

}  // namespace
}  // namespace smflow::records
