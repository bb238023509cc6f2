#include "run_summary.hpp"

#include "report.hpp"

#include <csignal>
#include <filesystem>

#include <smflow/base/json.hpp>
#include <smflow/base/text.hpp>
#include <smflow/records/run_record.hpp>
#include <smflow/storage/store.hpp>

namespace smflow::cli {

namespace {

namespace fs = std::filesystem;

// A local place as one would type it from here; anything else as it is.
std::string shown(const std::string& uri) {
  const auto path = storage::is_file_uri(uri) ? storage::file_uri_path(uri) : Result<fs::path>(fs::path(uri));
  if (!path) return uri;
  const fs::path relative = path->lexically_relative(fs::current_path());
  return relative.empty() || *relative.begin() == ".." ? path->string() : relative.string();
}

bool is_there(const std::string& uri) {
  const auto path = storage::file_uri_path(uri);
  std::error_code failed;
  return path && fs::exists(*path, failed);
}

std::string headline(const Screen& screen, const plan::JobDescription& job) {
  std::string text = plan::to_string(job.status);
  if (job.secondary_status != text) text += " (" + job.secondary_status + ")";
  const char* color = job.status == plan::JobStatus::Completed ? "1;32" : "1;31";
  text = screen.paint(color, text);
  if (job.training_start_time && job.training_end_time) {
    text += ", trained for " + format_duration(*job.training_end_time - *job.training_start_time);
  }
  return text;
}

// Both exclude the number of instances, so their ratio is that of the bill.
std::string billing(const plan::JobDescription& job) {
  if (!job.billable_time) return {};
  std::string text = "billed for " + format_duration(*job.billable_time) + " an instance";
  if (job.training_time && job.training_time->count() > 0 && *job.billable_time < *job.training_time) {
    const auto saved = 100 - 100 * job.billable_time->count() / job.training_time->count();
    text += " of " + format_duration(*job.training_time) + ": spot saved " + std::to_string(saved) + " %";
  }
  return text;
}

void add_times(OrderedJson& event, const plan::JobDescription& job) {
  if (job.training_time) event["training_seconds"] = job.training_time->count();
  if (job.billable_time) event["billable_seconds"] = job.billable_time->count();
}

void print_json(const Session& session, const Summary& summary) {
  OrderedJson event{{"event", "result"},
                    {"job_name", summary.job.job_name},
                    {"status", plan::to_string(summary.job.status)},
                    {"secondary_status", summary.job.secondary_status},
                    {"failure_reason", summary.job.failure_reason}};
  add_times(event, summary.job);
  for (const auto& [name, uri] : summary.places) event["places"][name] = uri;
  std::fprintf(session.out, "%s\n", event.dump(-1, ' ', false, OrderedJson::error_handler_t::replace).c_str());
}

}  // namespace

Places places_of(const plan::JobDescription& job) {
  Places places;
  if (!job.model_artifacts_uri.empty()) places.emplace_back("model", job.model_artifacts_uri);
  if (!job.output_artifacts_uri.empty()) places.emplace_back("outputs", job.output_artifacts_uri);
  return places;
}

Places places_of(const plan::RunPlan& plan, const plan::JobDescription& job) {
  Places places = places_of(job);
  for (const char* folder : {"samples", "metrics", "logs"}) {
    const std::string uri = plan.job.record_uri + "/" + folder;
    if (is_there(uri)) places.emplace_back(folder, uri);
  }
  const bool on_s3 = plan.job.checkpoint && plan.job.checkpoint->uri.starts_with("s3://");
  if (plan.job.checkpoint && (on_s3 || is_there(plan.job.checkpoint->uri))) {
    places.emplace_back("checkpoints", plan.job.checkpoint->uri);
  }
  places.emplace_back("record", plan.job.record_uri);
  return places;
}

void print_summary(const Session& session, Screen& screen, const Summary& summary) {
  const plan::JobDescription& job = summary.job;
  screen.line(headline(screen, job));
  if (job.status == plan::JobStatus::Deleting) {
    screen.line("  note         SageMaker is deleting this job, and will soon not know it any more");
  }
  if (!job.failure_reason.empty()) screen.line("  reason       " + printable(job.failure_reason));
  for (const std::string& line : summary.last_lines) screen.line("  " + screen.paint("2", "│ ") + printable(line));
  if (const std::string bill = billing(job); !bill.empty()) screen.line("  time         " + bill);
  for (const auto& [name, uri] : summary.places) {
    screen.line("  " + name + std::string(13 - name.size(), ' ') + shown(uri));
  }
  for (const Error& warning : summary.warnings) screen.line(render_warning(warning, screen));
  if (session.json) print_json(session, summary);
}

int exit_code_of(const plan::JobDescription& job) {
  const std::string state = records::outcome_state(job);
  if (state == "succeeded") return 0;
  if (state == "failed") return static_cast<int>(ExitCode::job_failed);
  return static_cast<int>(state == "timed_out" ? ExitCode::time_limit : ExitCode::job_stopped);
}

int exit_code_of_signal(int signal) {
  return static_cast<int>(signal == SIGINT ? ExitCode::interrupted : ExitCode::terminated);
}

}  // namespace smflow::cli
