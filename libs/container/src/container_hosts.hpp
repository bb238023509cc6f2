#pragma once

#include "host_container.hpp"
#include "job_network.hpp"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace smflow::container {

// The containers of one job, watched: time limits, the ends of the hosts, and what they leave. Stopped and removed with
// this object.
class ContainerHosts : public engine::Hosts {
 public:
  struct Parts {
    std::optional<JobNetwork> network;
    std::vector<HostContainer> containers;
    std::vector<std::filesystem::path> leaves;  // what is fetched from each at the end, below /opt/ml
    std::chrono::milliseconds max_run_time{};
    std::chrono::milliseconds stop_grace{};
  };

  // Starts the containers.
  static Result<std::unique_ptr<ContainerHosts>> start(Parts parts);
  ~ContainerHosts() override;

  int events_fd() const override { return signal_.get(); }
  std::vector<engine::HostEvent> read_events() override;
  std::vector<UniqueFd>& outputs() override { return outputs_; }
  Result<void> refresh(const std::filesystem::path& path) override;
  void stop() override;
  void kill() override;

 private:
  using Time = std::chrono::steady_clock::time_point;
  enum class Wish { none, stop, kill };

  explicit ContainerHosts(Parts parts);
  Result<void> run();
  void follow(std::size_t index, const UniqueFd& output);
  void supervise();
  void act(std::unique_lock<std::mutex>& lock);
  void give_time_to_debugger(Time now);
  void signal_all(const char* name) const;
  std::string fetch_all();
  void tell(engine::HostEvent event);
  void want(Wish wish);

  Parts parts_;
  UniqueFd signal_;               // counts events
  std::vector<pid_t> processes_;  // the entrypoints, as this machine counts
  std::vector<UniqueFd> outputs_;
  std::vector<UniqueFd> inputs_;  // the other ends, until a thread has them
  std::mutex fetching_;           // one at a time

  std::mutex mutex_;  // guards the members below
  std::condition_variable changed_;
  std::deque<engine::HostEvent> events_;
  std::size_t alive_ = 0;
  Wish wish_ = Wish::none;
  Time run_until_;
  Time looked_;                  // for a debugger
  std::optional<Time> kill_at_;  // set once the hosts are being stopped
  bool abandoned_ = false;       // nobody waits for what is left
  std::string lost_;             // why a host could not be followed to its end

  std::stop_source cancel_;
  std::vector<std::thread> followers_;
  std::thread supervisor_;
};

}  // namespace smflow::container
