#include "run_summary.hpp"

#include "report.hpp"

#include <filesystem>

#include <smflow/base/json.hpp>
#include <smflow/base/text.hpp>
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

std::vector<std::pair<std::string, std::string>> places(const plan::RunPlan& plan, const plan::JobDescription& job) {
  std::vector<std::pair<std::string, std::string>> places;
  if (!job.model_artifacts_uri.empty()) places.emplace_back("model", job.model_artifacts_uri);
  if (!job.output_artifacts_uri.empty()) places.emplace_back("outputs", job.output_artifacts_uri);
  for (const char* folder : {"samples", "metrics", "logs"}) {
    const std::string uri = plan.job.record_uri + "/" + folder;
    if (is_there(uri)) places.emplace_back(folder, uri);
  }
  if (plan.job.checkpoint && is_there(plan.job.checkpoint->uri)) {
    places.emplace_back("checkpoints", plan.job.checkpoint->uri);
  }
  places.emplace_back("record", plan.job.record_uri);
  return places;
}

}  // namespace

void print_summary(const Session& session, Screen& screen, const plan::RunPlan& plan,
                   const records::RunResult& result) {
  screen.line(headline(screen, result.job));
  if (!result.job.failure_reason.empty()) screen.line("  reason       " + printable(result.job.failure_reason));
  for (const auto& [name, uri] : places(plan, result.job)) {
    screen.line("  " + name + std::string(13 - name.size(), ' ') + shown(uri));
  }
  for (const Error& warning : result.warnings) screen.line(render_warning(warning, screen));
  if (!session.json) return;
  OrderedJson event{{"event", "result"},
                    {"job_name", result.job.job_name},
                    {"status", plan::to_string(result.job.status)},
                    {"secondary_status", result.job.secondary_status},
                    {"failure_reason", result.job.failure_reason}};
  for (const auto& [name, uri] : places(plan, result.job)) event["places"][name] = uri;
  std::fprintf(session.out, "%s\n", event.dump(-1, ' ', false, OrderedJson::error_handler_t::replace).c_str());
}

}  // namespace smflow::cli
