#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <thread>

#include <smflow/base/error.hpp>

namespace smflow::engine {

// Gives the entrypoint of one host AWS credentials (smflow/contract/credentials.hpp), once, while this object lives.
class CredentialsPipe {
 public:
  // `variables`: what the program gets, like AWS_ACCESS_KEY_ID. E110 when the FIFO cannot be made.
  static Result<std::unique_ptr<CredentialsPipe>> start(const std::filesystem::path& host_folder,
                                                        const std::map<std::string, std::string>& variables);

 private:
  explicit CredentialsPipe(std::jthread thread) : thread_(std::move(thread)) {}

  std::jthread thread_;
};

}  // namespace smflow::engine
