#include "smflow/training/peers.hpp"

#include <algorithm>
#include <thread>

#include <fmt/format.h>

#ifdef SMFLOW_WITH_GLOO
#include "nccl.hpp"

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

std::string first_line(const std::exception& failure) {
  const std::string text = failure.what();
  return printable(text.substr(0, text.find('\n')));
}

Error lost(const std::exception& why) {
  return {.code = "E345",
          .exit = ExitCode::job_failed,
          .message = fmt::format("the hosts of the job have lost each other: {}", first_line(why)),
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
  std::string transport = "Gloo";
  c10::intrusive_ptr<c10d::Store> store = {};
  c10::intrusive_ptr<Collectives> gloo = {};
  c10::intrusive_ptr<Collectives> nccl = {};  // none: tensors on GPUs go over the CPU

  // Where the values of a tensor have to lie for the calls below.
  at::Device way_of(const at::Tensor& tensor) const {
    return nccl && tensor.is_cuda() ? tensor.device() : at::Device(at::kCPU);
  }

  // Adds NCCL where it takes all hosts, or says in `transport` why it does not.
  void prefer_nccl(at::Device device, [[maybe_unused]] const std::string& network_interface,
                   [[maybe_unused]] std::chrono::milliseconds patience) {
#ifdef SMFLOW_WITH_NCCL
    if (!nccl_takes(told_by_all("gpu", device.is_cuda() ? uuid_of(device) : ""))) {
      if (device.is_cuda()) transport = "Gloo over the CPU, as not every host has a GPU of its own";
      return;
    }
    std::string problem = "another host could not start it";
    c10::intrusive_ptr<Collectives> own;
    try {
      own = make_nccl(store, rank, count, device, network_interface, patience);
    } catch (const std::exception& failure) {
      problem = first_line(failure);
    }
    const at::Tensor all_could = at::full({1}, own ? 1 : 0, at::kLong);
    least(all_could);
    const bool used = all_could.item<std::int64_t>() == 1;
    if (used) nccl = own;
    transport = used ? "NCCL" : "Gloo over the CPU, as NCCL does not work here: " + problem;
#else
    if (device.is_cuda()) transport = "Gloo over the CPU, as the program was built without NCCL";
#endif
  }

  void sum(const at::Tensor& tensor) const {
    reduce(tensor, c10d::ReduceOp::SUM);
  }
  void least(const at::Tensor& tensor) const {
    reduce(tensor, c10d::ReduceOp::MIN);
  }
  void most(const at::Tensor& tensor) const {
    reduce(tensor, c10d::ReduceOp::MAX);
  }
  void broadcast(const at::Tensor& tensor) const {
    std::vector<at::Tensor> tensors{tensor};
    collectives_of(tensor).broadcast(tensors)->wait();
  }

 private:
  Collectives& collectives_of(const at::Tensor& tensor) const {
    return tensor.is_cuda() ? *nccl : *gloo;
  }
  void reduce(const at::Tensor& tensor, c10d::ReduceOp::RedOpType operation) const {
    std::vector<at::Tensor> tensors{tensor};
    c10d::AllreduceOptions options;
    options.reduceOp = operation;
    collectives_of(tensor).allreduce(tensors, options)->wait();
  }

  // What each host tells under a name, in the order of ranks.
  std::vector<std::string> told_by_all(const std::string& name, const std::string& own) const {
    const auto key = [&](std::size_t host) { return fmt::format("{} of {}", name, host); };
    store->set(key(rank), std::vector<std::uint8_t>(own.begin(), own.end()));
    std::vector<std::string> all;
    for (std::size_t host = 0; host < count; ++host) {
      const std::vector<std::uint8_t> told = store->get(key(host));
      all.emplace_back(told.begin(), told.end());
    }
    return all;
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

c10::intrusive_ptr<Collectives> make_gloo(const c10::intrusive_ptr<c10d::Store>& store, std::size_t rank,
                                          std::size_t count, const std::string& host,
                                          std::chrono::milliseconds patience) {
  const auto options = c10d::ProcessGroupGloo::Options::create(patience);
  options->devices.push_back(c10d::ProcessGroupGloo::createDeviceForHostname(host));
  return c10::make_intrusive<c10d::ProcessGroupGloo>(store, static_cast<int>(rank), static_cast<int>(count), options);
}

}  // namespace

Result<Peers> Peers::meet(const Environment& environment, at::Device device, std::chrono::milliseconds patience) {
  if (environment.hosts.size() < 2) return Peers();
  try {
    std::vector<std::string> hosts = environment.hosts;
    std::sort(hosts.begin(), hosts.end());
    auto group = std::make_unique<Group>();
    group->rank = environment.rank();
    group->count = hosts.size();
    group->store = c10::make_intrusive<c10d::TCPStore>(hosts.front(), store_options(environment, patience));
    group->gloo = make_gloo(group->store, group->rank, group->count, environment.current_host, patience);
    group->prefer_nccl(device, environment.network_interface, patience);
    return Peers(std::move(group));
  } catch (const std::exception& failure) {
    return tl::unexpected(lost(failure));
  }
}

#else

class Peers::Group {
 public:
  std::size_t rank = 0;
  std::size_t count = 0;
  std::string transport = {};
  at::Device way_of(const at::Tensor&) const { return at::kCPU; }
  void sum(const at::Tensor&) const {}
  void least(const at::Tensor&) const {}
  void most(const at::Tensor&) const {}
  void broadcast(const at::Tensor&) const {}
};

Result<Peers> Peers::meet(const Environment& environment, at::Device, std::chrono::milliseconds) {
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

std::string Peers::transport() const {
  return group_ ? group_->transport : "";
}

Result<void> Peers::call(const std::function<void(Group& group)>& work) {
  if (!group_) return {};
  try {
    work(*group_);
    return {};
  } catch (const std::exception& failure) {
    std::this_thread::sleep_for(let_it_be_heard);
    return tl::unexpected(lost(failure));
  }
}

// One message for all: what a step costs is then the network's speed and not its delay.
Result<void> Peers::average(const std::vector<at::Tensor>& tensors) {
  return call([&](Group& group) {
    const at::NoGradGuard no_gradient;
    std::vector<at::Tensor> flat;
    for (const at::Tensor& tensor : tensors) flat.push_back(tensor.reshape({-1}));
    at::Tensor bucket = at::cat(flat);
    bucket = bucket.to(group.way_of(bucket));
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
      at::Tensor dense = tensor.contiguous().to(group.way_of(tensor));
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
