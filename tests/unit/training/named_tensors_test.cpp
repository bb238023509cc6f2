#include "support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/torch.h>

#include <smflow/training/named_tensors.hpp>

namespace smflow::training {
namespace {

using testing::HasSubstr;

torch::nn::Sequential small_network() {
  return torch::nn::Sequential(torch::nn::Conv2d(torch::nn::Conv2dOptions(3, 2, 4).bias(false)),
                               torch::nn::BatchNorm2d(2), torch::nn::ReLU());
}

TEST(StateOf, HasNamesAndOrderOfPython) {
  std::vector<std::string> names;
  for (const auto& entry : state_of(*small_network(), "net.")) names.push_back(entry.first);
  EXPECT_EQ(names, (std::vector<std::string>{"net.0.weight", "net.1.weight", "net.1.bias", "net.1.running_mean",
                                             "net.1.running_var", "net.1.num_batches_tracked"}));
}

TEST(StateOf, SharesMemoryWithTheModule) {
  const auto network = small_network();
  const at::NoGradGuard no_gradient;
  state_of(*network)[0].second.fill_(7);
  EXPECT_EQ(network->parameters()[0].mean().item<float>(), 7);
}

TEST(Dense, LaysEveryMemoryFormatDownRowByRow) {
  const at::Tensor tensor = at::arange(48, at::kFloat).view({2, 3, 2, 4});
  const DenseTensors plain = dense({{"a", tensor}}),
                     turned = dense({{"a", tensor.contiguous(at::MemoryFormat::ChannelsLast)}});
  EXPECT_EQ(plain.bytes[0].bytes, turned.bytes[0].bytes);
  EXPECT_EQ(plain.bytes[0].shape, (std::vector<std::int64_t>{2, 3, 2, 4}));
  EXPECT_EQ(plain.bytes[0].type, ElementType::float32);
}

class CopyInto : public testing::Test {
 protected:
  SafetensorsFile file_of(const NamedTensors& tensors) {
    const DenseTensors bytes = dense(tensors);
    EXPECT_TRUE(write_safetensors(folder_ / "a", bytes.bytes, {}));
    return *SafetensorsFile::read(folder_ / "a");
  }
  test::TemporaryFolder folder_;
};

TEST_F(CopyInto, BringsEveryElementTypeBack) {
  NamedTensors from, to;
  for (const auto type : {at::kDouble, at::kFloat, at::kHalf, at::kBFloat16, at::kLong, at::kInt, at::kShort, at::kChar,
                          at::kByte, at::kBool}) {
    from.emplace_back(at::toString(type), at::arange(2, at::kFloat).to(type));
    to.emplace_back(at::toString(type), at::zeros({2}, type));
  }
  ASSERT_TRUE(copy_into(to, file_of(from), "a"));
  for (std::size_t i = 0; i < from.size(); ++i) EXPECT_TRUE(at::equal(from[i].second, to[i].second)) << from[i].first;
}

TEST_F(CopyInto, KeepsTheTargetsMemoryFormat) {
  const at::Tensor from = at::randn({2, 3, 4, 5}),
                   to = at::zeros({2, 3, 4, 5}).contiguous(at::MemoryFormat::ChannelsLast);
  ASSERT_TRUE(copy_into({{"a", to}}, file_of({{"a", from}}), "a"));
  EXPECT_TRUE(at::equal(from, to));
  EXPECT_TRUE(to.is_contiguous(at::MemoryFormat::ChannelsLast));
}

TEST_F(CopyInto, WritesToParametersThatNeedGradients) {
  const at::Tensor to = at::zeros({2}).requires_grad_();
  ASSERT_TRUE(copy_into({{"a", to}}, file_of({{"a", at::ones({2})}}), "a"));
  EXPECT_TRUE(at::equal(to, at::ones({2})));
}

TEST_F(CopyInto, CopiesNothingUnlessAllIsThere) {
  const at::Tensor first = at::zeros({2});
  const SafetensorsFile file =
      file_of({{"a", at::ones({2})}, {"b", at::ones({2, 3})}, {"not asked for", at::ones({1})}});
  const auto why = [&](const std::string& name, const at::Tensor& tensor) {
    const auto done = copy_into({{"a", first}, {name, tensor}}, file, "x.safetensors");
    EXPECT_FALSE(done);
    EXPECT_EQ(done.error().code, "E334");
    EXPECT_EQ(first.sum().item<float>(), 0);
    return done.error().message;
  };
  EXPECT_EQ(why("c", at::zeros({2})), "tensor 'c' of 'x.safetensors' is missing");
  EXPECT_EQ(why("b", at::zeros({3, 2})), "tensor 'b' of 'x.safetensors' has shape [2, 3], not [3, 2]");
  EXPECT_EQ(why("b", at::zeros({2, 3}, at::kDouble)), "tensor 'b' of 'x.safetensors' has another element type");
}

TEST(WriteWeights, WritesBothKindsOfFile) {
  const test::TemporaryFolder folder;
  const auto network = small_network();
  ASSERT_TRUE(write_weights(folder.path(), "net", *network, {{"format", "pt"}}));
  const auto file = SafetensorsFile::read(folder / "net.safetensors");
  ASSERT_TRUE(file) << file.error().message;
  const std::string bytes = test::slurp(folder / "net.pt");
  const auto dict = torch::pickle_load({bytes.begin(), bytes.end()}).toGenericDict();
  const NamedTensors state = state_of(*network);
  ASSERT_EQ(dict.size(), state.size());
  for (const auto& [name, tensor] : state) {
    EXPECT_TRUE(at::equal(dict.at(name).toTensor(), tensor)) << name;
    const TensorBytes* const found = file->find(name);
    ASSERT_NE(found, nullptr) << name;
    EXPECT_EQ(found->bytes, dense({{name, tensor}}).bytes[0].bytes) << name;
  }
}

TEST(WriteWeights, LeavesNothingWhenItCannotWrite) {
  const test::TemporaryFolder folder;
  const auto done = write_weights(folder / "none", "net", *small_network(), {});
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().message, HasSubstr("net.pt"));
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

}  // namespace
}  // namespace smflow::training
