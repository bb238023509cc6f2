#include "job_fixture.hpp"

#include <smflow/container/container_engine.hpp>

namespace smflow::engine {

namespace fs = std::filesystem;

namespace {

std::shared_ptr<const docker::Engine> docker_engine() {
  return value_or_throw(docker::connect_to(value_or_throw(docker::find_engine()), "smflow-test"));
}

}  // namespace

plan::JobPlan EngineJob::plan_for(const std::string& program, const std::string& name) {
  const fs::path file = folder_.write("code/" + name + ".sh", "#!/bin/sh\n" + program);
  fs::permissions(file, fs::perms::owner_exec, fs::perm_options::add);
  folder_.write("data/a.txt", "one\n");
  plan::JobPlan plan;
  plan.job_name = name;
  plan.program = name + ".sh";
  plan.instance_type = "local";
  plan.image_uri = environment_variable("SMFLOW_TEST_IMAGE").value_or("");
  plan.local.code = folder_ / "code";
  plan.local.code_is_given = true;
  plan.local.work_directory = folder_ / "work";
  plan.max_run_time = std::chrono::seconds(120);
  plan.stop_grace = std::chrono::seconds(60);
  plan.channels = {{.name = "data", .uri = "file://" + (folder_ / "data").string()}};
  plan.output_uri = "file://" + (folder_ / "store").string();
  plan.checkpoint = {"file://" + (folder_ / "checkpoints").string(), "/opt/ml/checkpoints"};
  return plan;
}

std::unique_ptr<LocalEngine> EngineJob::make_engine(const EngineStores& stores) const {
  constexpr std::chrono::milliseconds checkpoint_interval{20};
  if (in_containers()) {
    return std::make_unique<container::ContainerEngine>(
        container::ContainerEngineOptions{.docker = docker_engine(),
                                          .clock = &clock_,
                                          .open_store = stores.open_store,
                                          .open_input = stores.open_input,
                                          .checkpoint_interval = checkpoint_interval});
  }
  return std::make_unique<ProcessEngine>(ProcessEngineOptions{.entrypoint = SMFLOW_TRAIN,
                                                              .clock = &clock_,
                                                              .open_store = stores.open_store,
                                                              .open_input = stores.open_input,
                                                              .checkpoint_interval = checkpoint_interval});
}

std::vector<std::string> EngineJob::left() const {
  std::vector<std::string> names;
  std::error_code missing;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder_ / "work", missing)) {
    if (entry.path().filename() != ".lock") names.push_back(entry.path().filename());
  }
  if (!in_containers()) return names;
  const auto engine = docker_engine();
  const auto is_ours = [&](const std::map<std::string, std::string>& labels) {
    return labels.at("smflow.folder").starts_with(folder_.path().string() + "/");
  };
  for (const auto& made : value_or_throw(docker::Containers(*engine).list({"smflow.folder"}))) {
    if (is_ours(made.labels)) names.push_back(made.shown_name());
  }
  for (const auto& made : value_or_throw(docker::Networks(*engine).list("smflow.folder"))) {
    if (is_ours(made.labels)) names.push_back(made.name);
  }
  return names;
}

}  // namespace smflow::engine
