#pragma once

#include <cstddef>
#include <map>
#include <string>

#include <smflow/docker/containers.hpp>

namespace smflow::container {

// The network of one job, with the addresses of its hosts. Removed with this object.
class JobNetwork {
 public:
  // `isolated`: from everything but the hosts. E122 when every subnet that is tried is taken.
  static Result<JobNetwork> make(const docker::Engine& engine, const std::string& job_name,
                                 const std::map<std::string, std::string>& labels, bool isolated);
  ~JobNetwork();
  JobNetwork(JobNetwork&& other) noexcept;
  JobNetwork& operator=(JobNetwork&&) = delete;

  const std::string& name() const { return name_; }
  // Of the host with this index, counted from 0.
  std::string address(std::size_t index) const;

 private:
  JobNetwork(const docker::Engine& engine, std::string name, std::string prefix)
      : engine_(&engine), name_(std::move(name)), prefix_(std::move(prefix)) {}

  const docker::Engine* engine_;
  std::string name_;
  std::string prefix_;  // "10.213.7."
};

}  // namespace smflow::container
