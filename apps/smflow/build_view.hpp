#pragma once

#include <map>
#include <string>

#include <smflow/base/terminal.hpp>
#include <smflow/docker/engine.hpp>

namespace smflow::cli {

// A build or a push as people follow it: on a terminal the steps with one live line below, elsewhere plain lines.
class BuildView {
 public:
  explicit BuildView(Screen& screen) : screen_(screen) {}

  void show(const docker::Progress& progress);

 private:
  void show_layer(const docker::Progress& layer);

  Screen& screen_;
  std::map<std::string, docker::Progress> layers_;
};

}  // namespace smflow::cli
