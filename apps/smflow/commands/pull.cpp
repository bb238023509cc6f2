#include "report.hpp"
#include "s3_access.hpp"
#include "sagemaker_access.hpp"

#include <filesystem>

#include <CLI/CLI.hpp>

#include <smflow/base/files.hpp>
#include <smflow/base/text.hpp>
#include <smflow/storage/archive.hpp>

namespace smflow::cli {

namespace {

namespace fs = std::filesystem;

struct PullOptions {
  JobOptions job;
  std::string to;
  bool dry_run = false;
};

// Where SageMaker has put what the job left.
struct OutputFolder {
  std::string bucket_uri;
  std::string prefix;
};

Error nothing_there(const plan::JobDescription& job, const std::string& why) {
  return {.code = "E147",
          .exit = ExitCode::not_found,
          .message = "job '" + job.job_name + "' has left nothing to fetch: " + why,
          .fix = plan::is_terminal(job.status) ? "smflow status " + job.job_name : "smflow wait " + job.job_name};
}

OutputFolder output_folder(const plan::JobDescription& job) {
  constexpr std::string_view scheme = "s3://";
  const std::string& model = job.model_artifacts_uri;
  if (!plan::is_terminal(job.status)) {
    throw CommandFailure(nothing_there(job, std::string("it is ") + plan::to_string(job.status)));
  }
  const std::size_t slash = model.find('/', scheme.size());
  const std::size_t last = model.find_last_of('/', model.size() - (model.ends_with('/') ? 2 : 1));
  if (!model.starts_with(scheme) || slash == std::string::npos || last <= slash) {
    throw CommandFailure(nothing_there(job, "its model is at '" + model + "'"));
  }
  return {.bucket_uri = model.substr(0, slash), .prefix = model.substr(slash + 1, last - slash - 1)};
}

std::uint64_t total_size(const std::vector<storage::ObjectInfo>& objects) {
  std::uint64_t total = 0;
  for (const storage::ObjectInfo& object : objects) total += object.size;
  return total;
}

// Archives are unpacked beside where they were, "model.tar.gz" into "model"; anything else stays as it is.
void fetch(storage::Store& bucket, const std::string& key, const std::string& name, const fs::path& folder) {
  constexpr std::string_view archive_ending = ".tar.gz";
  const fs::path file = folder / name;
  if (!is_safe_relative_path(name)) return;
  const bool is_archive = name.ends_with(archive_ending);
  const fs::path unpacked = folder / name.substr(0, name.size() - (is_archive ? archive_ending.size() : 0));
  if (fs::exists(unpacked)) {
    throw CommandFailure(Error{.code = "E142",
                               .exit = ExitCode::conflict,
                               .message = "'" + unpacked.string() + "' exists, and nothing is ever overwritten",
                               .fix = "remove it, or choose another folder with --to"});
  }
  value_or_throw(bucket.get_file(key, file));
  if (!is_archive) return;
  value_or_throw(storage::extract_archive(file, unpacked));
  fs::remove(file);
}

int pull(Session& session, const PullOptions& options) {
  Screen screen = session.screen();
  AwsAccess access(options.job.aws);
  SageMakerAccess sagemaker(access, {});
  const plan::JobDescription job = value_or_throw(sagemaker.service().describe(options.job.name));
  const OutputFolder from = output_folder(job);
  const auto bucket = value_or_throw(store_opener(access)(from.bucket_uri));
  const std::vector<storage::ObjectInfo> objects = value_or_throw(bucket->list(from.prefix));
  if (objects.empty()) {
    throw CommandFailure(nothing_there(job, "there are no objects below " + from.bucket_uri + "/" + from.prefix));
  }
  const fs::path folder = options.to.empty() ? fs::path(job.job_name) : fs::path(options.to);
  for (const storage::ObjectInfo& object : objects) {
    screen.line((options.dry_run ? "would fetch " : "fetching ") + bucket->uri(object.key) + " (" +
                format_bytes(static_cast<double>(object.size)) + ")");
    if (!options.dry_run) fetch(*bucket, object.key, object.key.substr(from.prefix.size() + 1), folder);
  }
  screen.line(counted(objects.size(), "object") + ", " + format_bytes(static_cast<double>(total_size(objects))) +
              (options.dry_run ? "; dry run: nothing was fetched" : " in " + folder.string()));
  if (session.json) {
    const OrderedJson result{{"job_name", job.job_name}, {"folder", fs::absolute(folder).string()}};
    std::fprintf(session.out, "%s\n", result.dump(-1, ' ', false, OrderedJson::error_handler_t::replace).c_str());
  } else if (!options.dry_run) {
    std::fprintf(session.out, "%s\n", folder.c_str());
  }
  return 0;
}

}  // namespace

void add_pull(CLI::App& app, Session& session) {
  auto options = std::make_shared<PullOptions>();
  CLI::App* command = app.add_subcommand(
      "pull", help_text(pull_summary, {"smflow pull gan-20260131-120000-x7k2            # into a folder of that name",
                                       "smflow pull NAME --to results/best", "smflow pull NAME --dry-run"}));
  add_job_options(*command, options->job);
  command->add_option("--to", options->to, "The folder to write into; by default one of the job's name")
      ->type_name("DIR");
  command->add_flag("-n,--dry-run", options->dry_run, "List what would be fetched");
  add_json_option(*command, session);
  command->callback([&session, options] { session.action = [&session, options] { return pull(session, *options); }; });
}

}  // namespace smflow::cli
