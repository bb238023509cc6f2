#include "support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <smflow/training/safetensors.hpp>

namespace smflow::training {
namespace {

using testing::HasSubstr;

std::string file_of(std::string_view header, std::string_view data = {}) {
  std::string bytes;
  for (int i = 0; i < 8; ++i) bytes.push_back(static_cast<char>(header.size() >> (8 * i)));
  return bytes.append(header).append(data);
}

Result<SafetensorsFile> read(std::string_view content) {
  const test::TemporaryFolder folder;
  return SafetensorsFile::read(folder.write("a.safetensors", content));
}

// What is written by hand here is what the public description says, byte for byte.
TEST(Safetensors, WritesTheFormat) {
  const test::TemporaryFolder folder;
  const std::vector<TensorBytes> tensors = {{"b", ElementType::uint8, {3}, "xyz"},
                                            {"a", ElementType::float32, {1, 1}, "1234"}};
  ASSERT_TRUE(write_safetensors(folder / "a.safetensors", tensors, {{"format", "pt"}}));
  std::string header = R"({"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[1,1],"data_offsets":[0,4]},)"
                       R"("b":{"dtype":"U8","shape":[3],"data_offsets":[4,7]}})";
  header.resize((header.size() + 7) / 8 * 8, ' ');
  EXPECT_EQ(test::slurp(folder / "a.safetensors"), file_of(header, "1234xyz"));
}

TEST(Safetensors, BringsEveryTypeShapeAndNameBack) {
  const test::TemporaryFolder folder;
  const std::vector<TensorBytes> tensors = {
      {"f64", ElementType::float64, {1}, "12345678"},  {"f32", ElementType::float32, {2, 1}, "12345678"},
      {"f16", ElementType::float16, {2}, "1234"},      {"bf16", ElementType::bfloat16, {1, 1, 1}, "12"},
      {"i64", ElementType::int64, {}, "abcdefgh"},     {"i32", ElementType::int32, {0, 7}, ""},
      {"i16", ElementType::int16, {1}, "xy"},          {"i8", ElementType::int8, {3}, "abc"},
      {"u8", ElementType::uint8, {1}, "\xff"},         {"boolean", ElementType::boolean, {1}, "\x01"},
      {"\"\\\n\xc3\xa9", ElementType::uint8, {1}, "q"}};
  const Metadata metadata = {{"step", "12"}, {"configuration", "A=1\nB=\"\xe2\x82\xac\"\n"}};
  ASSERT_TRUE(write_safetensors(folder / "a", tensors, metadata));
  const auto file = SafetensorsFile::read(folder / "a");
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_EQ(file->metadata(), metadata);
  ASSERT_EQ(file->tensors().size(), tensors.size());
  for (const TensorBytes& tensor : tensors) {
    const TensorBytes* const found = file->find(tensor.name);
    ASSERT_NE(found, nullptr) << tensor.name;
    EXPECT_EQ(found->type, tensor.type) << tensor.name;
    EXPECT_EQ(found->shape, tensor.shape) << tensor.name;
    EXPECT_EQ(found->bytes, tensor.bytes) << tensor.name;
  }
  EXPECT_EQ(file->find("none"), nullptr);
}

TEST(Safetensors, AlignsEveryTensor) {
  const test::TemporaryFolder folder;
  const std::vector<TensorBytes> tensors = {{"a", ElementType::uint8, {1}, "1"},
                                            {"b", ElementType::float32, {1}, "1234"},
                                            {"c", ElementType::int16, {1}, "12"},
                                            {"d", ElementType::int64, {1}, "12345678"}};
  ASSERT_TRUE(write_safetensors(folder / "a", tensors, {}));
  const auto file = SafetensorsFile::read(folder / "a");
  ASSERT_TRUE(file);
  EXPECT_EQ((test::slurp(folder / "a").size() - file->data().size()) % 8, 0u);
  for (const TensorBytes& tensor : file->tensors()) {
    EXPECT_EQ((tensor.bytes.data() - file->data().data()) % static_cast<std::ptrdiff_t>(element_size(tensor.type)), 0)
        << tensor.name;
  }
}

TEST(Safetensors, KeepsItsTensorsWhenItMoves) {
  auto file = read(file_of(R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}})", "x"));
  ASSERT_TRUE(file);
  const SafetensorsFile moved = *std::move(file);
  EXPECT_EQ(moved.find("a")->bytes, "x");
}

TEST(Safetensors, TakesAFileWithoutTensors) {
  const auto file = read(file_of("{}"));
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_TRUE(file->tensors().empty());
}

TEST(Safetensors, LeavesNothingWhenItCannotWrite) {
  const test::TemporaryFolder folder;
  EXPECT_FALSE(write_safetensors(folder / "none/a", {}, {}));
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(Safetensors, ReportsAMissingFileAsSuch) {
  const auto file = SafetensorsFile::read("/nonexistent/a.safetensors");
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().code, "E900");
}

struct Malformed {
  const char* name;
  std::string content;
  const char* why;
};

void PrintTo(const Malformed& file, std::ostream* out) {
  *out << file.name;
}

std::string one(std::string_view entry, std::string_view data = "1234") {
  return file_of(std::string(R"({"a":)") + std::string(entry) + "}", data);
}

class MalformedSafetensors : public testing::TestWithParam<Malformed> {};

TEST_P(MalformedSafetensors, IsRefused) {
  const auto file = read(GetParam().content);
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().code, "E332");
  EXPECT_THAT(file.error().message, HasSubstr(GetParam().why));
}

INSTANTIATE_TEST_SUITE_P(
    Files, MalformedSafetensors,
    testing::Values(
        Malformed{"Empty", "", "shorter than its length field"}, Malformed{"SevenBytes", "1234567", "shorter than"},
        Malformed{"HeaderLongerThanFile", std::string("\x09\0\0\0\0\0\0\0{}", 10), "longer than the file"},
        Malformed{"HugeHeader", std::string(8, '\xff') + "{}", "longer than the file"},
        Malformed{"NoJson", file_of("no json"), "JSON"}, Malformed{"EmptyHeader", file_of(""), "JSON"},
        Malformed{"List", file_of("[]"), "not a JSON object"},
        Malformed{"DeepHeader", file_of("[[[[[[[[]]]]]]]]"), "deep"},
        Malformed{"SameNameTwice",
                  file_of(R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},)"
                          R"("a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}})",
                          "12"),
                  "is there twice"},
        Malformed{"MetadataIsNumber", file_of(R"({"__metadata__":{"a":1}})"), "metadata are not texts"},
        Malformed{"MetadataIsList", file_of(R"({"__metadata__":["a"]})"), "metadata are not texts"},
        Malformed{"EntryIsNumber", one("1"), "not described by an object"},
        Malformed{"NoDtype", one(R"({"shape":[1],"data_offsets":[0,4]})"), "no known dtype"},
        Malformed{"UnknownDtype", one(R"({"dtype":"F31","shape":[1],"data_offsets":[0,4]})"), "no known dtype"},
        Malformed{"NoShape", one(R"({"dtype":"F32","data_offsets":[0,4]})"), "no valid shape"},
        Malformed{"NegativeShape", one(R"({"dtype":"F32","shape":[-1],"data_offsets":[0,4]})"), "no valid shape"},
        Malformed{"FractionalShape", one(R"({"dtype":"F32","shape":[1.0],"data_offsets":[0,4]})"), "no valid shape"},
        Malformed{"OverflowingShape",
                  one(R"({"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]})", ""), "fill its range"},
        Malformed{"OverflowToFittingSize", one(R"({"dtype":"F32","shape":[4611686018427387905],"data_offsets":[0,4]})"),
                  "fill its range"},
        Malformed{"ShapeBeyond63Bits", one(R"({"dtype":"F32","shape":[18446744073709551615],"data_offsets":[0,4]})"),
                  "no valid shape"},
        Malformed{"OneOffset", one(R"({"dtype":"F32","shape":[1],"data_offsets":[0]})"), "no valid data_offsets"},
        Malformed{"OffsetsInText", one(R"({"dtype":"F32","shape":[1],"data_offsets":["0","4"]})"), "data_offsets"},
        Malformed{"OffsetsTurned", one(R"({"dtype":"F32","shape":[1],"data_offsets":[4,0]})"), "outside the file"},
        Malformed{"CutShort", one(R"({"dtype":"F32","shape":[1],"data_offsets":[0,4]})", "123"), "outside the file"},
        Malformed{"RangeTooLarge", one(R"({"dtype":"F32","shape":[1],"data_offsets":[0,8]})", "12345678"),
                  "does not fill its range"},
        Malformed{"RangeTooSmall", one(R"({"dtype":"F32","shape":[2],"data_offsets":[0,4]})"),
                  "does not fill its range"},
        Malformed{"HoleAtTheBeginning", one(R"({"dtype":"U8","shape":[1],"data_offsets":[1,2]})", "12"), "a hole"},
        Malformed{"Overlap",
                  file_of(R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},)"
                          R"("b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}})",
                          "123"),
                  "an overlap"},
        Malformed{"SameRangeTwice",
                  file_of(R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},)"
                          R"("b":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}})",
                          "12"),
                  "an overlap"},
        Malformed{"DataOfNobody", one(R"({"dtype":"U8","shape":[1],"data_offsets":[0,1]})", "12"),
                  "belongs to no tensor"},
        Malformed{"DataWithoutTensors", file_of("{}", "1"), "belongs to no tensor"}),
    [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace smflow::training
