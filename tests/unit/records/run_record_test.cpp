#include "record_files.hpp"
#include "support/temporary_folder.hpp"

#include <algorithm>
#include <set>

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
  run_.input.own_secrets = {own_key, "", "run"};
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

TEST_F(RecordFiles, HaveNoBeginningOfASecretWhereATextWasCut) {
  run_.plan.environment = {{"API_TOKEN", "a value of many words"}};
  run_.input.origins = {{"sagemaker:CONTAINER.ENVIRONMENT", "--set CONTAINER.ENVIRONMENT.API_TOKEN=a value of m…"}};
  EXPECT_EQ(record()["configs"]["origins"]["sagemaker:CONTAINER.ENVIRONMENT"],
            "--set CONTAINER.ENVIRONMENT.API_TOKEN=[redacted:name]…");
  run_.input.origins = {{"sagemaker:A.B", "--set A.B=of many words that are no secret…"}};
  EXPECT_EQ(record()["configs"]["origins"]["sagemaker:A.B"], "--set A.B=of many words that are no secret…");
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

// "data[].uri", but not below what holds names of others, or tells of a file.
void add_fields(const OrderedJson& json, const std::string& path, std::set<std::string>& fields) {
  static const std::set<std::string> open = {"configs.effective",    "configs.changed", "configs.origins", "env.passed",
                                             "invocation.overrides", "metrics",         "params"};
  if (json.is_array() && !json.empty() && json.front().is_object()) {
    for (const OrderedJson& one : json) add_fields(one, path + "[]", fields);
  } else if (json.is_object() && !open.contains(path) && !json.contains("sha256")) {
    for (const auto& [name, value] : json.items()) add_fields(value, path.empty() ? name : path + "." + name, fields);
  } else {
    fields.insert(path);
  }
}

TEST_F(RecordFiles, HaveNoFieldThatIsNotDocumented) {
  const std::string documented = ::smflow::test::slurp(SMFLOW_SOURCE_DIR "/docs/reference/records.md");
  run_.plan.target = plan::Target::sagemaker;
  run_.plan.max_wait_time = std::chrono::seconds(1);
  run_.plan.role_arn = "arn:aws:iam::123456789012:role/train";
  run_.plan.image_uri = "gan:1";
  run_.plan.environment = {{"API_TOKEN", "x"}};
  run_.input.region = "eu-west-1";
  run_.input.account = "123456789012";
  run_.input.parent = "gan-20260131-110000-aaaaa";
  run_.input.request = OrderedJson::object();
  run_.input.data = {{.state = {.channel = "traindata",
                                .uri = "s3://b/a",
                                .hash = "x",
                                .hash_kind = "y",
                                .manifest = "smflow/v1/data/x.jsonl"},
                      .lines = ""}};
  change_code("+a\n");
  const ::smflow::test::TemporaryFolder folder;
  const auto store = *storage::open_store("file://" + folder.path().string());
  ASSERT_TRUE(write_record(*store, run_.prefix, run_.plan, run_.input, WallTime{}));
  ASSERT_TRUE(write_submitted(*store, run_.prefix, run_.input, run_.plan.job_name, WallTime{}));
  plan::JobDescription job = test::ended(run_.plan.job_name);
  job.model_artifacts_uri = "s3://b/model.tar.gz";
  job.hosts = {{"algo-1", 1}};
  job.transitions = {{.status = "Training", .start = WallTime{}, .end = WallTime{}, .message = ""}};
  ASSERT_TRUE(write_outcome(*store, run_.prefix, job));
  std::size_t documents = 0;
  const auto objects = *store->list("");
  for (const storage::ObjectInfo& object : objects) {
    if (!object.key.ends_with(".json") || object.key.ends_with("effective.json") ||
        object.key.ends_with("request.json"))
      continue;
    std::set<std::string> fields;
    add_fields(OrderedJson::parse(*store->get(object.key)), "", fields);
    for (const std::string& field : fields) {
      EXPECT_NE(documented.find("`" + field + "`"), std::string::npos) << field << " of " << object.key;
    }
    ++documents;
  }
  EXPECT_EQ(documents, 5u);
}

}  // namespace
}  // namespace smflow::records
