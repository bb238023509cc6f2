#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include <c10/core/Device.h>
#include <torch/version.h>
#if TORCH_VERSION_MAJOR >= 2
#include <torch/csrc/distributed/c10d/Backend.hpp>
#else
#include <torch/csrc/distributed/c10d/ProcessGroup.hpp>
#endif
#include <torch/csrc/distributed/c10d/Store.hpp>

namespace smflow::training {

// What Gloo and NCCL have in common in c10d.
#if TORCH_VERSION_MAJOR >= 2
using Collectives = c10d::Backend;
#else
using Collectives = c10d::ProcessGroup;
#endif

// NCCL takes hosts that have a GPU each, none of which another has too. `uuids` names the GPU of every host, "" where
// there is none.
inline bool nccl_takes(std::vector<std::string> uuids) {
  std::sort(uuids.begin(), uuids.end());
  return !uuids.empty() && !uuids.front().empty() && std::adjacent_find(uuids.begin(), uuids.end()) == uuids.end();
}

// The UUID of a GPU of this machine, in hexadecimal.
std::string uuid_of(c10::Device gpu);

// NCCL between `count` hosts, for tensors on the GPU of each. Waiting for its work ends when the work is done, and
// throws when a host is gone or after `patience`. `network_interface` may be empty: NCCL chooses.
//
// Tries it with one number before it returns. Throws what c10d and NCCL throw.
c10::intrusive_ptr<Collectives> make_nccl(const c10::intrusive_ptr<c10d::Store>& store, std::size_t rank,
                                          std::size_t count, c10::Device gpu, const std::string& network_interface,
                                          std::chrono::milliseconds patience);

}  // namespace smflow::training
