#include "run_places.hpp"

#include <smflow/plan/job_plan.hpp>

namespace smflow::cli {

std::vector<RunPlace> places_of(const records::Run& run, std::string_view bucket_uri) {
  std::vector<RunPlace> places = {{"record", run.record_key}};
  const std::string root = std::string(bucket_uri) + "/";
  const std::string own = "/" + run.name;
  for (const auto& [name, uri] : run.outputs) {
    if (!uri.starts_with(root)) continue;
    const std::string key = uri.substr(root.size());
    if (name == "checkpoints" && key.ends_with(own)) places.push_back({"checkpoints", key});
    for (const bool compressed : {true, false}) {
      const std::string model = "/" + plan::artifacts_folder(run.name) + "/" + plan::artifact_names(compressed).model;
      if (name != "model" || !key.ends_with(model)) continue;
      places.push_back({"output", key.substr(0, key.size() - model.size()) + own});
    }
  }
  return places;
}

}  // namespace smflow::cli
