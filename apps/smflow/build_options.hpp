#pragma once

#include "aws_access.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace smflow::cli {

struct BuildOptions {
  std::string image;
  std::string tag = "latest";
  std::string dockerfile = {};  // empty: Dockerfile.sagemaker of the context
  std::string context = ".";
  bool local = false;
  std::string base_image;
  std::vector<std::string> arguments;
  std::string platform;
  AwsOptions aws;
  std::string account;
  std::string registry;
  std::vector<std::string> repository_tags;
  bool immutable_tags = false;
  bool dry_run = false;

  std::string local_name() const { return image + ":" + tag; }
  std::filesystem::path dockerfile_path() const;
};

void add_build_options(CLI::App& command, BuildOptions& options);
// E363 for a name that is none; E002 for a platform that is none, and for options that do not go together.
void check_build_options(const BuildOptions& options);
// E363 when this Dockerfile does not ask which image to build on.
void check_base_image(const BuildOptions& options, const std::string& dockerfile);

// Of an option that is given several times with NAME=VALUE; E363 for another form.
std::map<std::string, std::string> pairs_of(const std::vector<std::string>& texts, const std::string& option);

}  // namespace smflow::cli
