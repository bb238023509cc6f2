#include "smflow/training/peers.hpp"

#include <algorithm>
#include <thread>

#include <fmt/format.h>

#ifdef SMFLOW_WITH_GLOO
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>
#include <torch/version.h>
#endif

#include <smflow/base/text.hpp>
#include <smflow/contract/debugging.hpp>

namespace smflow::training {

namespace {

// The first host that ends names the job's failure, and that should be the one that failed by itself.
constexpr std::chrono::seconds let_it_be_heard{2};

Error lost(const std::string& why) {
  const std::string first_line = why.substr(0, why.find('\n'));
  return {.code = "E345",
          .exit = ExitCode::job_failed,
          .message = fmt::format("the hosts of the job have lost each other: {}", printable(first_line)),
          .fix = "look for the host that failed first; a new start goes on from the last checkpoint"};
}

}  // namespace

std::chrono::milliseconds patience_with_peers(const EnvironmentLookup& lookup) {
  namespace debugging = contract::debugging;
  const auto is_set = [&](const char* name) { return !lookup(name).value_or("").empty(); };
  if (is_set(debugging::mode_variable) || is_set(debugging::debugged_host_variable)) return std::chrono::hours(24);
  return std::chrono::minutes(10);
}

#ifdef SMFLOW_WITH_GLOO

class Peers::Group {
 public:
  std::size_t rank = 0;
  std::size_t count = 0;
  c10::intrusive_ptr<c10d::Store> store = {};
  c10::intrusive_ptr<c10d::ProcessGroupGloo> gloo = {};

  void sum(const at::Tensor& tensor) const { reduce(tensor, c10d::ReduceOp::SUM); }
  void least(const at::Tensor& tensor) const { reduce(tensor, c10d::ReduceOp::MIN); }
  void most(const at::Tensor& tensor) const { reduce(tensor, c10d::ReduceOp::MAX); }
  void broadcast(const at::Tensor& tensor) const {
    std::vector<at::Tensor> tensors{tensor};
    gloo->broadcast(tensors)->wait();
  }

 private:
  void reduce(const at::Tensor& tensor, c10d::ReduceOp::RedOpType operation) const {
    std::vector<at::Tensor> tensors{tensor};
    c10d::AllreduceOptions options;
    options.reduceOp = operation;
    gloo->allreduce(tensors, options)->wait();
  }
};

namespace {

c10d::TCPStoreOptions store_options(const Environment& environment, std::chrono::milliseconds patience) {
  c10d::TCPStoreOptions options;
  options.port = environment.master_port;
  options.isServer = environment.rank() == 0;
  options.numWorkers = environment.hosts.size();
  options.timeout = patience;
#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 4)
  // Debian's libtorch has no libuv.
  options.useLibUV = false;
#endif
  return options;
}

}  // namespace

Result<Peers> Peers::meet(const Environment& environment, std::chrono::milliseconds patience) {
  if (environment.hosts.size() < 2) return Peers();
  try {
    std::vector<std::string> hosts = environment.hosts;
    std::sort(hosts.begin(), hosts.end());
    auto group = std::make_unique<Group>();
    group->rank = environment.rank();
    group->count = hosts.size();
    group->store = c10::make_intrusive<c10d::TCPStore>(hosts.front(), store_options(environment, patience));
    const auto options = c10d::ProcessGroupGloo::Options::create(patience);
    options->devices.push_back(c10d::ProcessGroupGloo::createDeviceForHostname(environment.current_host));
    group->gloo = c10::make_intrusive<c10d::ProcessGroupGloo>(group->store, static_cast<int>(group->rank),
                                                              static_cast<int>(group->count), options);
    return Peers(std::move(group));
  } catch (const std::exception& failure) {
    return tl::unexpected(lost(failure.what()));
  }
}

#else

class Peers::Group {
 public:
  std::size_t rank = 0;
  std::size_t count = 0;
  void sum(const at::Tensor&) const {}
  void least(const at::Tensor&) const {}
  void most(const at::Tensor&) const {}
  void broadcast(const at::Tensor&) const {}
};

Result<Peers> Peers::meet(const Environment& environment, std::chrono::milliseconds) {
  if (environment.hosts.size() < 2) return Peers();
  return tl::unexpected(
      Error{.code = "E346",
            .exit = ExitCode::configuration,
            .message = fmt::format("the job has {} hosts, and this program was built without Gloo, which they would "
                                   "train together by",
                                   environment.hosts.size()),
            .fix = "set SAGEMAKER.INSTANCE_COUNT to 1, or build it where libgloo-dev is installed"});
}

#endif

Peers::Peers() = default;
Peers::Peers(std::unique_ptr<Group> group) : group_(std::move(group)) {}
Peers::~Peers() = default;
Peers::Peers(Peers&&) noexcept = default;
Peers& Peers::operator=(Peers&&) noexcept = default;

std::size_t Peers::rank() const {
  return group_ ? group_->rank : 0;
}

std::size_t Peers::count() const {
  return group_ ? group_->count : 1;
}

Result<void> Peers::call(const std::function<void(Group& group)>& work) {
  if (!group_) return {};
  try {
    work(*group_);
    return {};
  } catch (const std::exception& failure) {
    std::this_thread::sleep_for(let_it_be_heard);
    return tl::unexpected(lost(failure.what()));
  }
}

// One message for all: what a step costs is then the network's speed and not its delay.
Result<void> Peers::average(const std::vector<at::Tensor>& tensors) {
  return call([&](Group& group) {
    const at::NoGradGuard no_gradient;
    std::vector<at::Tensor> flat;
    for (const at::Tensor& tensor : tensors) flat.push_back(tensor.reshape({-1}));
    at::Tensor bucket = at::cat(flat).to(at::kCPU);
    group.sum(bucket);
    bucket.div_(static_cast<double>(group.count));
    std::int64_t at = 0;
    for (const at::Tensor& tensor : tensors) {
      tensor.copy_(bucket.narrow(0, at, tensor.numel()).view(tensor.sizes()));
      at += tensor.numel();
    }
  });
}

Result<void> Peers::share(const std::vector<at::Tensor>& tensors) {
  return call([&](Group& group) {
    const at::NoGradGuard no_gradient;
    for (const at::Tensor& tensor : tensors) {
      at::Tensor dense = tensor.contiguous().to(at::kCPU);
      if (dense.is_same(tensor)) dense = tensor.clone();
      group.broadcast(dense);
      tensor.copy_(dense);
    }
  });
}

Result<std::int64_t> Peers::shared(std::int64_t value) {
  const at::Tensor number = at::full({1}, value, at::kLong);
  return call([&](Group& group) { group.broadcast(number); }).map([&] { return number.item<std::int64_t>(); });
}

Result<std::int64_t> Peers::least(std::int64_t value) {
  const at::Tensor number = at::full({1}, value, at::kLong);
  return call([&](Group& group) { group.least(number); }).map([&] { return number.item<std::int64_t>(); });
}

Result<bool> Peers::any(bool value) {
  const at::Tensor number = at::full({1}, value ? 1 : 0, at::kLong);
  return call([&](Group& group) { group.most(number); }).map([&] { return number.item<std::int64_t>() != 0; });
}

}  // namespace smflow::training
