#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <smflow/base/json.hpp>
#include <smflow/rehearsal/curves.hpp>
#include <smflow/rehearsal/spot.hpp>

namespace smflow::rehearsal {

enum class Verdict {
  identical,      // resumed, and ended with the reference's model to the last byte
  resumed,        // went on from its checkpoints; its model is another one, or there is none
  restarted,      // began again from the start although work had been done
  failed,         // the program failed, in the reference or after an interruption
  untold,         // nobody can say: the program tells no steps
  not_rehearsed,  // it was over before the first interruption, or interrupted before its first step
};
const char* to_string(Verdict verdict);

// How the next start went on.
enum class Way {
  step,          // behind steps that were done
  start,         // from the start
  nothing_left,  // there was nothing left to do
  untold,
};
const char* to_string(Way way);

struct Resume {
  Way way = Way::untold;
  std::optional<std::int64_t> at = {};         // the step after which it went on; none where only bounds are known
  std::optional<std::int64_t> next_step = {};  // the first that it told
  std::int64_t lost_steps = 0;                 // done and told before, and done again
  bool lost_is_exact = true;                   // false: at least
};

struct Interruption {
  std::chrono::milliseconds after{0};     // the start of the program
  std::optional<std::int64_t> step = {};  // that was reached, as far as the program told
  std::int64_t epoch = 0;                 // 0: not told
  std::chrono::milliseconds stopping{0};  // from SIGTERM to its end
  bool killed = false;                    // because the grace was over
  std::vector<plan::HostExit> hosts = {};
  std::size_t checkpoint_files = 0;  // that the next start found
  Resume resume = {};
};

struct Report {
  Verdict verdict = Verdict::untold;
  std::string headline = {};
  std::vector<std::string> notes = {};  // what to know and what to do, a sentence each
  std::string job_name = {};
  std::chrono::milliseconds after{0};
  int times = 0;  // asked for
  std::chrono::seconds grace{0};
  std::optional<std::int64_t> steps = {};           // of the reference
  std::chrono::milliseconds reference_training{0};  // how long the program ran
  std::chrono::milliseconds training{0};            // all starts together
  std::vector<Interruption> interruptions = {};
  CurveComparison curve = {};  // with interruptions against the reference
  std::optional<ModelComparison> model = {};
};

Report judge(const SpotFacts& facts);
ExitCode exit_code(Verdict verdict);
// {"schema":"smflow.rehearsal/1", ...}
OrderedJson to_json(const Report& report);

}  // namespace smflow::rehearsal
