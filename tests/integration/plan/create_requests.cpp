// With --schema: writes the schema of the SageMaker config. Else reads paths of SageMaker config files, one a line, and
// writes for each the body of CreateTrainingJob, or the errors, as one line of JSON: {"request": {}} or {"errors": []}.
#include <iostream>
#include <string_view>

#include <smflow/config/documents.hpp>
#include <smflow/plan/create_training_job.hpp>
#include <smflow/plan/make_plan.hpp>

namespace {

using namespace smflow;

class ConstantRandom : public RandomSource {
 public:
  std::uint64_t next() override { return 0; }
};

OrderedJson as_json(const plan::ConfigErrors& errors) {
  OrderedJson json{{"errors", OrderedJson::array()}};
  for (const Error& error : errors) json["errors"].push_back(error.code + " " + error.message);
  return json;
}

OrderedJson request_of(const std::string& config_file) {
  const auto configs = plan::load_job_configs({.config_file = config_file,
                                               .set = {},
                                               .set_training = {},
                                               .default_code = "/nonexistent",
                                               .environment = [](const char*) { return std::nullopt; }});
  if (!configs) return as_json(configs.error());
  ConstantRandom random;
  const WallTime now{std::chrono::seconds{1795439002}};
  const auto run = plan::make_plan(*configs, now, random);
  if (!run) return as_json(run.error());
  const plan::Caller caller{.account = "123456789012", .region = "eu-west-1"};
  const plan::RunTags tags{.who = "Ann O'Neil\t<ann@example.org>",
                           .commit = std::string(300, 'c'),
                           .experiment = configs->options.s3.experiment_name};
  return {{"request", plan::create_training_job_request(run->job, caller, tags)}};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc > 1 && std::string_view(argv[1]) == "--schema") {
    std::cout << config::to_json_schema(*config::schema_of<plan::SagemakerConfig>());
    return 0;
  }
  for (std::string line; std::getline(std::cin, line);) std::cout << request_of(line).dump() << "\n";
}
