#include "spot_facts.hpp"

#include <cmath>

#include <gtest/gtest.h>

namespace smflow::rehearsal {
namespace {

TEST(ReportJson, SaysEverything) {
  SpotFacts facts = facts_of({interrupted(told_steps(1, 2)), completed(told_steps(2, 3))}, told_steps(1, 3));
  facts.model->differences.push_back({.path = "g.safetensors", .tensor = TensorDifference{"w", 0.5}});
  const OrderedJson expected = OrderedJson::parse(R"({
    "schema": "smflow.rehearsal/1", "kind": "spot", "verdict": "resumed",
    "headline": "resumed after every interruption, and ended with another model than the uninterrupted run",
    "notes": [], "job_name": "demo",
    "asked": {"after_seconds": 20.0, "times": 1, "grace_seconds": 120},
    "steps": 3, "reference_training_seconds": 60.0, "training_seconds": 80.2,
    "interruptions": [{
      "after_seconds": 20.0, "step": 2, "epoch": 1, "stopping_seconds": 0.2, "within_grace": true,
      "hosts": [{"name": "algo-1", "exit_code": 143}], "checkpoint_files": 1,
      "went_on_from": "step", "resumed_at": 1, "next_step": 2, "lost_steps": 1, "lost_is_exact": true}],
    "model": {"equal": false, "files": 2, "differences": [
      {"path": "g.safetensors", "kind": "content", "tensor": "w", "largest_difference": 0.5}]},
    "curve": {"metrics": ["loss"], "points": 3, "missing_points": 0, "first_difference": null,
      "largest_difference": null}})");
  EXPECT_EQ(to_json(judge(facts)).dump(1), expected.dump(1));
}

TEST(ReportJson, WritesWhatIsNoNumberAsText) {
  Report report;
  report.curve.first = CurveDifference{"loss", 3, NAN, HUGE_VAL};
  const OrderedJson difference = to_json(report)["curve"]["first_difference"];
  EXPECT_EQ(difference["reference"], "NaN");
  EXPECT_EQ(difference["rehearsed"], "Infinity");
  EXPECT_TRUE(to_json(report)["model"].is_null());
}

}  // namespace
}  // namespace smflow::rehearsal
