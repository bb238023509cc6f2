#include "nccl.hpp"

#include <cstdlib>
#include <stdexcept>

#include <ATen/cuda/CUDAContext.h>
#include <ATen/ops/ones.h>
#include <fmt/format.h>
#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupNCCL.hpp>

namespace smflow::training {

namespace {

#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 2)
constexpr const char* blocking_wait = "TORCH_NCCL_BLOCKING_WAIT";
#else
constexpr const char* blocking_wait = "NCCL_BLOCKING_WAIT";
#endif

void try_out(Collectives& nccl, std::size_t count, c10::Device gpu) {
  std::vector<at::Tensor> one{at::ones({1}, gpu)};
  nccl.allreduce(one)->wait();
  const auto sum = one.front().item<float>();
  if (sum != static_cast<float>(count)) {
    throw std::runtime_error(fmt::format("the sum of 1 over {} hosts was {}", count, sum));
  }
}

}  // namespace

std::string uuid_of(c10::Device gpu) {
  std::string text;
  for (const char byte : at::cuda::getDeviceProperties(gpu.index())->uuid.bytes) {
    text += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  }
  return text;
}

c10::intrusive_ptr<Collectives> make_nccl(const c10::intrusive_ptr<c10d::Store>& store, std::size_t rank,
                                          std::size_t count, c10::Device gpu, const std::string& network_interface,
                                          std::chrono::milliseconds patience) {
  // Otherwise c10d ends the process, without a word of ours, when another host is gone.
  ::setenv(blocking_wait, "1", 0);
  if (!network_interface.empty()) ::setenv("NCCL_SOCKET_IFNAME", network_interface.c_str(), 0);
  const auto options = c10d::ProcessGroupNCCL::Options::create();
  options->timeout = patience;
  auto nccl = c10::make_intrusive<c10d::ProcessGroupNCCL>(c10::make_intrusive<c10d::PrefixStore>("nccl", store),
                                                          static_cast<int>(rank), static_cast<int>(count), options);
  try_out(*nccl, count, gpu);
  return nccl;
}

}  // namespace smflow::training
