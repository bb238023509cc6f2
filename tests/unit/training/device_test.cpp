#include <gtest/gtest.h>

#include <smflow/training/device.hpp>

namespace smflow::training {
namespace {

TEST(ChooseDevice, UsesTheCpuWhenNoGpuIsWanted) {
  const DeviceChoice choice = choose_device(0, 8);
  EXPECT_TRUE(choice.device.is_cpu());
  EXPECT_EQ(choice.note, "");
}

TEST(ChooseDevice, UsesTheFirstGpu) {
  const DeviceChoice choice = choose_device(1, 8);
  EXPECT_EQ(choice.device, c10::Device(c10::kCUDA, 0));
  EXPECT_EQ(choice.note, "");
}

TEST(ChooseDevice, SaysThatThereIsNoGpu) {
  const DeviceChoice choice = choose_device(2, 0);
  EXPECT_TRUE(choice.device.is_cpu());
  EXPECT_EQ(choice.note, "NUM_GPU 2 but no CUDA device: training on the CPU");
}

TEST(ChooseDevice, SaysThatItUsesOneOfMany) {
  const DeviceChoice choice = choose_device(4, 4);
  EXPECT_EQ(choice.device, c10::Device(c10::kCUDA, 0));
  EXPECT_EQ(choice.note, "NUM_GPU 4, but this program trains on one: cuda:0");
}

}  // namespace
}  // namespace smflow::training
