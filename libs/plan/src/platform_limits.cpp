#include "platform_limits.hpp"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include <smflow/base/text.hpp>
#include <smflow/plan/create_training_job.hpp>

namespace smflow::plan {

namespace {

constexpr std::size_t most_subnets = 16;
constexpr std::size_t most_security_groups = 5;
constexpr std::size_t most_metrics = 40;
constexpr std::size_t most_environment = 100;
constexpr std::size_t most_tags = 47;  // of 50; three are smflow's own

constexpr std::size_t longest_role = 2048;
constexpr std::size_t longest_key = 2048;
constexpr std::size_t longest_image = 255;
constexpr std::size_t longest_uri = 1024;
constexpr std::size_t longest_hyperparameter = 2500;
constexpr std::size_t longest_environment = 512;  // a name as well as a value
constexpr std::size_t longest_metric_name = 255;
constexpr std::size_t longest_regex = 500;
constexpr std::size_t longest_tag_name = 128;
constexpr std::size_t longest_tag_value = 256;

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

bool is_variable_name(const std::string& name) {
  static constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_";
  static constexpr std::string_view allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789";
  return !name.empty() && letters.find(name[0]) != std::string_view::npos &&
         name.find_first_not_of(allowed) == std::string::npos;
}

// Letters of every script are legal; of ASCII only some signs.
bool is_tag_text(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    const bool alphanumeric = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    return alphanumeric || static_cast<unsigned char>(c) >= 0x80 ||
           std::string_view(" _.:/=+-@").find(c) != std::string_view::npos;
  });
}

class Limits {
 public:
  explicit Limits(const JobPlan& plan) : plan_(plan) {}

  std::vector<LimitFault> run() {
    check_network();
    check_role_and_keys();
    check_image();
    check_places();
    check_program();
    check_metrics();
    check_tags();
    return std::move(faults_);
  }

 private:
  void fault(const char* option, std::string message, std::string fix) {
    faults_.push_back({option, "E072", fmt::format("{}: {}", option, message), std::move(fix)});
  }

  void at_most(const char* option, std::size_t most, std::size_t count, const char* noun) {
    if (count <= most) return;
    fault(option, fmt::format("{}, more than the {} that SageMaker takes", counted(count, noun), most),
          fmt::format("keep at most {}", most));
  }

  void length(const char* option, std::string_view what, std::size_t most, std::string_view text) {
    if (characters(text) <= most) return;
    fault(option, fmt::format("{} has {} characters, SageMaker takes {}", what, characters(text), most),
          fmt::format("shorten it to {} characters", most));
  }

  void check_network() {
    const std::size_t subnets = plan_.platform.subnets.size();
    const std::size_t groups = plan_.platform.security_group_ids.size();
    if ((subnets == 0) == (groups == 0) && subnets <= most_subnets && groups <= most_security_groups) return;
    faults_.push_back(
        {"SAGEMAKER.SUBNETS", "E071",
         fmt::format("SAGEMAKER.SUBNETS has {} entries and SAGEMAKER.SECURITY_GROUP_IDS {}", subnets, groups),
         "write 1 to 16 subnets with 1 to 5 security groups, or none of both"});
  }

  void check_role_and_keys() {
    length("SAGEMAKER.ARN", "the role", longest_role, plan_.role_arn);
    length("SAGEMAKER.VOLUME_KMS_KEY", "the key", longest_key, plan_.platform.volume_kms_key);
    length("SAGEMAKER.OUTPUT_KMS_KEY", "the key", longest_key, plan_.platform.output_kms_key);
  }

  // A region that is not said is taken as short as there is one, so that nothing is refused wrongly.
  void check_image() {
    const Caller shortest{.account = "123456789012", .region = "eu-west-1"};
    length(plan_.platform.image_is_full_uri ? "ECR.IMAGE_URI" : "ECR.IMAGE_NAME", "the image's URI", longest_image,
           full_image_uri(plan_, shortest));
  }

  void place(const char* option, const std::string& uri) {
    length(option, "the location", longest_uri, uri);
    if (uri.starts_with("s3:///")) {
      fault(option, fmt::format("'{}' names no bucket", uri), "write s3://, the bucket and the folder");
    }
  }

  void check_places() {
    for (const Channel& channel : plan_.channels) {
      place(channel.name == "traindata" ? "S3.TRAINING_DATA" : "S3.CONFIG_FOLDER", channel.uri);
    }
    place("S3.OUTPUT_DIR", plan_.output_uri);
    if (plan_.checkpoint) place("S3.CHECKPOINT_DIR", plan_.checkpoint->uri);
  }

  void check_program() {
    for (const auto& [name, value] : plan_.hyperparameters) {
      const bool is_output = name == "output_dir";
      length(is_output ? "CONTAINER.OUTPUT_DIR" : "TRAINING.CONFIG_FILE", is_output ? "the folder" : "the file's name",
             longest_hyperparameter, value);
    }
    length("CONTAINER.PROGRAM", "the path", longest_environment, plan_.program);
    const char* option = "CONTAINER.ENVIRONMENT";
    const std::size_t own = !plan_.program.empty() && !plan_.environment.contains("SAGEMAKER_PROGRAM") ? 1 : 0;
    at_most(option, most_environment - own, plan_.environment.size(), "variable");
    for (const auto& [name, value] : plan_.environment) {
      length(option, "a name", longest_environment, name);
      length(option, fmt::format("'{}'", utf8_prefix(name, 80)), longest_environment, value);
      if (is_variable_name(name)) continue;
      fault(option, fmt::format("'{}' is no name of a variable", utf8_prefix(name, 80)),
            "write letters, digits and _, not begun by a digit");
    }
  }

  void check_metrics() {
    const char* option = "SAGEMAKER.METRIC_DEFINITIONS";
    at_most(option, most_metrics, plan_.metric_definitions.size(), "metric");
    for (const auto& [name, regex] : plan_.metric_definitions) {
      if (name.empty()) fault(option, "a metric has no name", "name it");
      length(option, "a name", longest_metric_name, name);
      length(option, fmt::format("'{}'", utf8_prefix(name, 80)), longest_regex, regex);
      if (regex.empty()) fault(option, fmt::format("'{}' has no pattern", name), "write a pattern with one group");
      if ((name + regex).find_first_of("\r\n") == std::string::npos) continue;
      fault(option, fmt::format("'{}' or its pattern has a line break", utf8_prefix(name, 80)), "write it on one line");
    }
  }

  void check_tags() {
    const char* option = "SAGEMAKER.TAGS";
    at_most(option, most_tags, plan_.platform.tags.size(), "tag");
    for (const auto& [name, value] : plan_.platform.tags) {
      const std::string_view shown = utf8_prefix(name, 80);
      length(option, "a name", longest_tag_name, name);
      length(option, fmt::format("'{}'", shown), longest_tag_value, value);
      if (name.empty()) fault(option, "a tag has no name", "name it");
      if (to_upper(name).starts_with("AWS:")) {
        fault(option, fmt::format("'{}' begins with aws:, which is Amazon's own", shown), "take another name");
      }
      if (is_tag_text(name) && is_tag_text(value)) continue;
      fault(option, fmt::format("'{}' holds a character that no tag may have", shown),
            "write letters, digits, spaces and _ . : / = + - @");
    }
  }

  const JobPlan& plan_;
  std::vector<LimitFault> faults_;
};

}  // namespace

std::vector<LimitFault> platform_faults(const JobPlan& plan) {
  return Limits(plan).run();
}

}  // namespace smflow::plan
