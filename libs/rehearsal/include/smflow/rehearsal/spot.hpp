#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include <smflow/plan/training_service.hpp>
#include <smflow/rehearsal/model_files.hpp>
#include <smflow/rehearsal/trace.hpp>

// A rehearsal of spot interruptions: the job once without, as the reference, and once with them, each start of the
// program a job of its own that finds nothing of the earlier ones but the checkpoints.
namespace smflow::rehearsal {

// One start of the program, from its beginning to its end.
struct StartFacts {
  plan::JobDescription job = {};
  bool interrupted = false;  // by the rehearsal
  Trace trace = {};
  std::size_t checkpoint_files = 0;  // that were in the store after it
};

// What a rehearsal has seen.
struct SpotFacts {
  std::string job_name;
  std::chrono::milliseconds after{0};
  int times = 0;
  std::chrono::seconds grace{0};
  std::string checkpoint_folder;              // as the program sees it
  StartFacts reference = {};                  // nobody interrupts it
  std::vector<StartFacts> starts = {};        // none when the reference says already that there is nothing to interrupt
  std::optional<ModelComparison> model = {};  // none unless the reference and the last start have both left a model
};

struct SpotOptions {
  std::chrono::milliseconds after{30'000};  // between the start of the program and the interruption
  int times = 3;                            // at most: a job that ends before is not interrupted
  bool keep = false;                        // the outputs of interrupted starts, which are removed otherwise
};

class RehearsalObserver : public plan::JobObserver {
 public:
  virtual void on_start(int number) = 0;  // 0: the reference
  virtual void on_end(const StartFacts& start) = 0;
};

// The job as it is rehearsed: everything that it leaves goes below `folder`, and nothing to the team's results. As on
// the platform a program has at most 120 s to end. Errors: E396 a job that does not run on this machine; E397 one
// without checkpoints.
Result<plan::JobPlan> rehearsed_plan(const plan::JobPlan& plan, const std::filesystem::path& folder);

// The channel `config` of a job in rehearsal.
struct ConfigFile {
  std::string name;
  std::string content;
};

// Carries the rehearsal of `plan`, a rehearsed_plan() with this folder, out. A job that fails is a result; an error
// means that it could not be run or compared. E904 when `stop` asks for the end: the program is killed.
Result<SpotFacts> rehearse_spot(const plan::JobPlan& plan, const std::filesystem::path& folder,
                                const ConfigFile& config, const SpotOptions& options, plan::TrainingService& service,
                                RehearsalObserver& observer, std::stop_token stop);

}  // namespace smflow::rehearsal
