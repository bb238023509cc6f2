#pragma once

#include "support/temporary_folder.hpp"

#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <smflow/engine/process_engine.hpp>

namespace smflow::engine {

// Remembers what it is told, and calls `at_line` for each line of a log.
class RecordingObserver : public plan::JobObserver {
 public:
  void on_status(const plan::StatusTransition& transition) override { statuses.push_back(transition.status); }
  void on_log(std::string_view host, std::string_view line, WallTime time) override {
    lines.emplace_back(host, line);
    times.push_back(time);
    if (at_line) at_line(line);
  }
  void on_notice(std::string_view text) override { notices.emplace_back(text); }

  std::vector<std::string> statuses;
  std::vector<std::string> notices;
  std::vector<std::pair<std::string, std::string>> lines;
  std::vector<WallTime> times;  // of the lines
  std::function<void(std::string_view)> at_line;
};

struct EngineStores {
  StoreOpener open_store = storage::open_store;
  StoreOpener open_input = {};
};

// Jobs around a shell program, in a folder of the test's own. The hosts are processes of this machine, or containers of
// the image that SMFLOW_TEST_IMAGE names: every test holds for both.
class EngineJob : public testing::Test {
 protected:
  EngineJob() { ::setenv("XDG_CACHE_HOME", (folder_ / "cache").c_str(), 1); }
  static bool in_containers() { return environment_variable("SMFLOW_TEST_IMAGE").has_value(); }
  // The plan of a job that runs this text; not to be called while a job of that name runs.
  plan::JobPlan plan_for(const std::string& program, const std::string& name = "job");
  std::unique_ptr<LocalEngine> make_engine(const EngineStores& stores = {}) const;
  // What lies in the work directory, apart from its lock, and the containers and networks of this test.
  std::vector<std::string> left() const;
  bool stored(const std::string& key) const { return std::filesystem::exists(folder_ / "store" / key); }

  test::TemporaryFolder folder_;
  SystemClock clock_;
  RecordingObserver observer_;
};

}  // namespace smflow::engine
