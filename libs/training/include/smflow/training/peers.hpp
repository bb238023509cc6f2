#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <torch/types.h>

#include <smflow/base/error.hpp>
#include <smflow/training/environment.hpp>

namespace smflow::training {

// How long hosts wait for each other: ten minutes; a day where a program is debugged, for somebody holds it.
std::chrono::milliseconds patience_with_peers(const EnvironmentLookup& lookup = environment_variable);

// The hosts of a job that train one model together (data parallel, synchronous): every host has the same parameters,
// takes its own pictures, and updates with the mean of all gradients. Through c10d of libtorch: Gloo over the job's
// network, and NCCL for tensors on GPUs where every host has a GPU of its own and the program was built with it; else
// these go over the CPU.
//
// Every host makes the same calls in the same order; each waits for all. A host that is gone, or one that makes another
// call, is error E345 (`exit` 1). For one thread.
class Peers {
 public:
  // Alone: every call below returns at once and changes nothing.
  Peers();
  // Waits for all hosts of the environment, at most `patience`, which later calls have too. Alone when there is one.
  // `device` is where this host trains. E346 when this libtorch has no Gloo; E345 when they do not meet. Sets
  // variables of this process for NCCL, where they are not set: other threads should not be there yet.
  static Result<Peers> meet(const Environment& environment, at::Device device,
                            std::chrono::milliseconds patience = patience_with_peers());
  ~Peers();
  Peers(Peers&&) noexcept;
  Peers& operator=(Peers&&) noexcept;

  std::size_t rank() const;
  std::size_t count() const;
  bool lead() const { return rank() == 0; }
  // How tensors of the device travel, for people: "NCCL", or "Gloo" with the reason where one might expect NCCL.
  std::string transport() const;

  // Puts the mean over all hosts into each tensor, float32 of any shape.
  Result<void> average(const std::vector<at::Tensor>& tensors);
  // Puts what the leading host has into each tensor, of any type.
  Result<void> share(const std::vector<at::Tensor>& tensors);
  // What the leading host has, on every host; and the least of all.
  Result<std::int64_t> shared(std::int64_t value);
  Result<std::int64_t> least(std::int64_t value);
  // True on every host when it is on one.
  Result<bool> any(bool value);

 private:
  class Group;
  explicit Peers(std::unique_ptr<Group> group);
  Result<void> call(const std::function<void(Group& group)>& work);

  std::unique_ptr<Group> group_;
};

}  // namespace smflow::training
