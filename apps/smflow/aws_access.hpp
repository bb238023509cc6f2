#pragma once

#include <map>
#include <memory>
#include <string>

#include <smflow/aws/session.hpp>
#include <smflow/base/random.hpp>
#include <smflow/plan/create_training_job.hpp>

namespace CLI {
class App;
}

namespace smflow::cli {

struct AwsOptions {
  std::string profile = {};
  std::string region = {};
};
// --profile and --region.
void add_aws_options(CLI::App& command, AwsOptions& options);

// The way to AWS of one command. Every failure is a CommandFailure.
class AwsAccess {
 public:
  explicit AwsAccess(const AwsOptions& options);

  // Each opened at the first call.
  aws::Session& session();
  http::Transport& transport();
  // Made once each.
  aws::Client& client(const aws::Service& service);
  // Asks AWS, once.
  const plan::Caller& caller();
  const Clock& clock() const { return clock_; }

 private:
  const AwsOptions options_;
  const SystemClock clock_;
  SystemRandom random_;
  std::unique_ptr<http::Transport> transport_;
  std::unique_ptr<aws::Session> session_;
  std::map<std::string_view, std::unique_ptr<aws::Client>> clients_;
  std::optional<plan::Caller> caller_;
};

}  // namespace smflow::cli
