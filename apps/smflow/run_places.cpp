#include "run_places.hpp"

namespace smflow::cli {

std::vector<RunPlace> places_of(const records::Run& run, std::string_view bucket_uri) {
  std::vector<RunPlace> places = {{"record", run.record_key}};
  const std::string root = std::string(bucket_uri) + "/";
  const std::string own = "/" + run.name;
  const std::string model = own + "/output/model.tar.gz";
  for (const auto& [name, uri] : run.outputs) {
    if (!uri.starts_with(root)) continue;
    const std::string key = uri.substr(root.size());
    if (name == "checkpoints" && key.ends_with(own)) places.push_back({"checkpoints", key});
    if (name == "model" && key.ends_with(model)) {
      places.push_back({"output", key.substr(0, key.size() - model.size()) + own});
    }
  }
  return places;
}

}  // namespace smflow::cli
