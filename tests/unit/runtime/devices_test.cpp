#include "support/temporary_folder.hpp"

#include <cstdlib>

#include <gtest/gtest.h>

#include <smflow/runtime/devices.hpp>

namespace smflow::runtime {

namespace {

namespace fs = std::filesystem;

class DevicesTest : public testing::Test {
 protected:
  ~DevicesTest() override { setenv("PATH", path_.c_str(), 1); }

  void node(const std::string& name) { folder_.write("dev/" + name, ""); }

  // A program of this name that prints `output`, the only one in PATH.
  void tool(const std::string& name, const std::string& output, int exit_code = 0) {
    const fs::path file =
        folder_.write("bin/" + name, "#!/bin/sh\necho '" + output + "'\nexit " + std::to_string(exit_code) + "\n");
    fs::permissions(file, fs::perms::owner_all);
    setenv("PATH", (folder_ / "bin").c_str(), 1);
  }

  Devices detect(const std::string& instance_type = "local") { return detect_devices(instance_type, folder_ / "dev"); }

  test::TemporaryFolder folder_;
  std::string path_ = getenv("PATH");
};

}  // namespace

TEST_F(DevicesTest, CountsNumberedGpuNodesOnly) {
  for (const char* name : {"nvidia0", "nvidia1", "nvidia10", "nvidia", "nvidiactl", "nvidia-uvm", "nvidia0x", "tty"})
    node(name);
  const Devices devices = detect();
  EXPECT_EQ(devices.gpus, 3);
  EXPECT_EQ(devices.neurons, 0);
  EXPECT_GE(devices.cpus, 1);
}

TEST_F(DevicesTest, AsksTheToolWhereOnlyTheControlNodeIsThere) {
  node("nvidiactl");
  tool("nvidia-smi", "GPU 0: A (UUID: x)\nGPU 1: A (UUID: y)\nGPUs\n  MIG 1g");
  EXPECT_EQ(detect().gpus, 2);
  tool("nvidia-smi", "GPU 0: A", 9);
  EXPECT_EQ(detect().gpus, 0);
}

TEST_F(DevicesTest, SumsTheNeuronCores) {
  tool("neuron-ls", R"([{"nc_count": 2}, {"nc_count": 4}, {}, 7])");
  EXPECT_EQ(detect().neurons, 0) << "no node, no question";
  node("neuron0");
  EXPECT_EQ(detect().neurons, 6);
  tool("neuron-ls", "not json");
  EXPECT_EQ(detect().neurons, 0);
  EXPECT_EQ(detect("ml.trn2.48xlarge").neurons, 64);
}

TEST_F(DevicesTest, FindsNothingWithoutNodes) {
  const Devices devices = detect();
  EXPECT_EQ(devices.gpus, 0);
  EXPECT_EQ(devices.neurons, 0);
}

}  // namespace smflow::runtime
