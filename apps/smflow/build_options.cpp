#include "build_options.hpp"

#include <array>

#include <CLI/CLI.hpp>

#include <smflow/aws/ecr_host.hpp>
#include <smflow/base/error.hpp>
#include <smflow/docker/dockerfile.hpp>
#include <smflow/docker/names.hpp>

namespace smflow::cli {

namespace {

constexpr const char* default_dockerfile = "Dockerfile.sagemaker";

Error wrong_option(const std::string& message, const std::string& fix) {
  return {.code = "E363", .exit = ExitCode::usage, .message = message, .fix = fix};
}

void check_names(const BuildOptions& options) {
  if (!docker::is_repository_name(options.image)) {
    throw CommandFailure(
        wrong_option("not the name of an image: '" + options.image + "'",
                     "2 to 256 lower-case letters and digits, with single '.', '_', '-' or '/' between"));
  }
  if (!docker::is_tag(options.tag)) {
    throw CommandFailure(wrong_option("not a tag: '" + options.tag + "'",
                                      "at most 128 letters, digits, '_', '.' and '-', not beginning with '.' or '-'"));
  }
  const bool digits = options.account.find_first_not_of("0123456789") == std::string::npos;
  if (!options.account.empty() && (options.account.size() != 12 || !digits)) {
    throw CommandFailure(wrong_option("not an AWS account: '" + options.account + "'", "write its 12 digits"));
  }
  const bool is_host = docker::registry_of(options.registry + "/x") == options.registry;
  if (!options.registry.empty() && (!is_host || options.registry.find('/') != std::string::npos)) {
    throw CommandFailure(
        wrong_option("not a registry: '" + options.registry + "'", "write host:port, like 127.0.0.1:5000"));
  }
}

[[noreturn]] void fail_usage(std::string message, std::string fix) {
  throw CommandFailure(
      Error{.code = "E002", .exit = ExitCode::usage, .message = std::move(message), .fix = std::move(fix)});
}

void check_effect(const BuildOptions& options) {
  struct OfAPush {
    std::string name;
    bool given;
    bool of_ecr_only;
  };
  const OfAPush of_a_push[] = {{"--registry", !options.registry.empty(), false},
                               {"--account", !options.account.empty(), true},
                               {"--repository-tag", !options.repository_tags.empty(), true},
                               {"--immutable-tags", options.immutable_tags, true}};
  const bool elsewhere = !options.registry.empty() && !aws::parse_ecr_host(options.registry);
  for (const auto& [name, given, of_ecr_only] : of_a_push) {
    if (!given) continue;
    if (options.local) {
      fail_usage(name + " is of a push, and with --local nothing is pushed", "leave out --local or " + name);
    }
    if (of_ecr_only && elsewhere) {
      fail_usage(name + " is of Amazon ECR, and '" + options.registry + "' is another registry",
                 "leave out --registry or " + name);
    }
  }
}

void check_contradiction(const BuildOptions& options) {
  const auto ecr = aws::parse_ecr_host(options.registry);
  if (!ecr) return;
  const std::array<std::string, 3> of_ecr[] = {{"--account", options.account, ecr->account},
                                               {"--region", options.aws.region, ecr->region}};
  for (const auto& [name, value, in_host] : of_ecr) {
    if (value.empty() || value == in_host) continue;
    fail_usage(name + " is '" + value + "', and that of --registry is '" + in_host + "'",
               "leave out --registry or " + name);
  }
}

void check_platform(const std::string& platform) {
  if (platform.empty() || docker::is_platform(platform)) return;
  fail_usage("--platform: not a platform: '" + platform + "'", "write OS/ARCH or OS/ARCH/VARIANT, like linux/amd64");
}

}  // namespace

std::filesystem::path BuildOptions::dockerfile_path() const {
  return dockerfile.empty() ? (std::filesystem::path(context) / default_dockerfile).lexically_normal()
                            : std::filesystem::path(dockerfile);
}

void add_build_options(CLI::App& command, BuildOptions& options) {
  command.add_option("IMAGE", options.image, "The name of the image, as in ECR.IMAGE_NAME")->required();
  command.add_option("TAG", options.tag, "Its tag, as in ECR.TAG; by default latest");
  command.add_option("DOCKERFILE", options.dockerfile, "By default Dockerfile.sagemaker of the folder to build from");
  command.add_option("--context", options.context, "The folder to build from; by default this one")->type_name("DIR");
  command.add_flag("--local", options.local, "Build only, and push nowhere");
  command.add_option("--base-image", options.base_image, "The image to build on: the build argument BASE_IMAGE")
      ->type_name("IMAGE");
  command.add_option("--build-arg", options.arguments, "An argument of the build; may be given several times")
      ->type_name("NAME=VALUE")
      ->allow_extra_args(false);
  command.add_option("--platform", options.platform, "By default linux/amd64, which SageMaker needs")
      ->type_name("OS/ARCH");
  command.add_option("--account", options.account, "The AWS account to push to; by default yours")->type_name("DIGITS");
  command.add_option("--registry", options.registry, "Another registry than Amazon ECR to push to")
      ->type_name("HOST[:PORT]");
  command
      .add_option("--repository-tag", options.repository_tags,
                  "A tag of the repository where one is made in Amazon ECR; may be given several times")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
  command.add_flag("--immutable-tags", options.immutable_tags, "Make that repository so that no tag is pushed twice");
  command.add_flag("-n,--dry-run", options.dry_run, "Say what would be built and pushed");
  add_aws_options(command, options.aws);
}

void check_build_options(const BuildOptions& options) {
  check_names(options);
  check_platform(options.platform);
  check_effect(options);
  check_contradiction(options);
}

void check_base_image(const BuildOptions& options, const std::string& dockerfile) {
  if (options.base_image.empty() || docker::declares_argument(dockerfile, "BASE_IMAGE")) return;
  const std::string file = options.dockerfile_path().string();
  throw CommandFailure(wrong_option("--base-image has no effect: '" + file + "' has no ARG BASE_IMAGE",
                                    "write ARG BASE_IMAGE before its FROM ${BASE_IMAGE}, or leave out --base-image"));
}

std::map<std::string, std::string> pairs_of(const std::vector<std::string>& texts, const std::string& option) {
  std::map<std::string, std::string> pairs;
  for (const std::string& text : texts) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0) {
      throw CommandFailure(wrong_option("not a name with a value: '" + text + "'", "write " + option + " NAME=VALUE"));
    }
    pairs[text.substr(0, equals)] = text.substr(equals + 1);
  }
  return pairs;
}

}  // namespace smflow::cli
