#include <smflow/base/json_number.hpp>
#include <smflow/rehearsal/verdict.hpp>

namespace smflow::rehearsal {

namespace {

double seconds(std::chrono::milliseconds duration) {
  return static_cast<double>(duration.count()) / 1000;
}

template <class Value>
OrderedJson json(const std::optional<Value>& value) {
  return value ? OrderedJson(*value) : OrderedJson();
}

OrderedJson json(const Interruption& interruption) {
  OrderedJson hosts = OrderedJson::array();
  for (const plan::HostExit& host : interruption.hosts) {
    hosts.push_back({{"name", host.host}, {"exit_code", host.exit_code}});
  }
  const Resume& resume = interruption.resume;
  return {{"after_seconds", seconds(interruption.after)},
          {"step", json(interruption.step)},
          {"epoch", interruption.epoch > 0 ? OrderedJson(interruption.epoch) : OrderedJson()},
          {"stopping_seconds", seconds(interruption.stopping)},
          {"within_grace", !interruption.killed},
          {"hosts", hosts},
          {"checkpoint_files", interruption.checkpoint_files},
          {"went_on_from", to_string(resume.way)},
          {"resumed_at", json(resume.at)},
          {"next_step", json(resume.next_step)},
          {"lost_steps", resume.lost_steps},
          {"lost_is_exact", resume.lost_is_exact}};
}

OrderedJson json(const ModelComparison& model) {
  OrderedJson differences = OrderedJson::array();
  for (const FileDifference& difference : model.differences) {
    OrderedJson entry{{"path", difference.path}, {"kind", to_string(difference.kind)}};
    if (difference.tensor) {
      entry["tensor"] = difference.tensor->tensor;
      entry["largest_difference"] = json_number(difference.tensor->largest);
    }
    differences.push_back(std::move(entry));
  }
  return {{"equal", model.differences.empty()}, {"files", model.files}, {"differences", differences}};
}

OrderedJson json(const std::optional<CurveDifference>& difference) {
  if (!difference) return nullptr;
  return {{"metric", difference->metric},
          {"step", difference->step},
          {"reference", json_number(difference->reference)},
          {"rehearsed", json_number(difference->rehearsed)}};
}

OrderedJson json(const CurveComparison& curve) {
  return {{"metrics", curve.metrics},
          {"points", curve.points},
          {"missing_points", curve.missing},
          {"first_difference", json(curve.first)},
          {"largest_difference", json(curve.largest)}};
}

}  // namespace

OrderedJson to_json(const Report& report) {
  OrderedJson interruptions = OrderedJson::array();
  for (const Interruption& interruption : report.interruptions) interruptions.push_back(json(interruption));
  return {
      {"schema", "smflow.rehearsal/1"},
      {"kind", "spot"},
      {"verdict", to_string(report.verdict)},
      {"headline", report.headline},
      {"notes", report.notes},
      {"job_name", report.job_name},
      {"asked",
       {{"after_seconds", seconds(report.after)}, {"times", report.times}, {"grace_seconds", report.grace.count()}}},
      {"steps", json(report.steps)},
      {"reference_training_seconds", seconds(report.reference_training)},
      {"training_seconds", seconds(report.training)},
      {"interruptions", interruptions},
      {"model", report.model ? json(*report.model) : OrderedJson()},
      {"curve", json(report.curve)}};
}

}  // namespace smflow::rehearsal
