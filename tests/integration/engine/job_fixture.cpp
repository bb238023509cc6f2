#include "job_fixture.hpp"

namespace smflow::engine {

namespace fs = std::filesystem;

plan::JobPlan EngineJob::plan_for(const std::string& program, const std::string& name) {
  const fs::path file = folder_.write("code/" + name + ".sh", "#!/bin/sh\n" + program);
  fs::permissions(file, fs::perms::owner_exec, fs::perm_options::add);
  folder_.write("data/a.txt", "one\n");
  plan::JobPlan plan;
  plan.job_name = name;
  plan.program = name + ".sh";
  plan.instance_type = "local";
  plan.local.code = folder_ / "code";
  plan.local.work_directory = folder_ / "work";
  plan.max_run_time = std::chrono::seconds(120);
  plan.stop_grace = std::chrono::seconds(60);
  plan.channels = {{.name = "data", .uri = "file://" + (folder_ / "data").string()}};
  plan.output_uri = "file://" + (folder_ / "store").string();
  plan.checkpoint = {"file://" + (folder_ / "checkpoints").string(), "/opt/ml/checkpoints"};
  return plan;
}

ProcessEngineOptions EngineJob::options() const {
  return {.entrypoint = SMFLOW_TRAIN, .clock = &clock_, .checkpoint_interval = std::chrono::milliseconds(20)};
}

std::vector<std::string> EngineJob::left() const {
  std::vector<std::string> names;
  std::error_code missing;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder_ / "work", missing)) {
    if (entry.path().filename() != ".lock") names.push_back(entry.path().filename());
  }
  return names;
}

}  // namespace smflow::engine
