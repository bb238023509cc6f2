#include "pull_folder.hpp"
#include "report.hpp"
#include "s3_access.hpp"
#include "sagemaker_access.hpp"
#include "unfinished_pull.hpp"

#include <filesystem>

#include <CLI/CLI.hpp>

#include <smflow/base/files.hpp>
#include <smflow/base/text.hpp>
#include <smflow/s3/transfer.hpp>
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
  std::string bucket;
  std::string prefix;

  std::string uri() const { return "s3://" + bucket + "/" + prefix; }
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
  return {.bucket = model.substr(scheme.size(), slash - scheme.size()),
          .prefix = model.substr(slash + 1, last - slash - 1)};
}

// A key that names a place outside the folder is somebody's trick.
Result<void> check_name(const std::string& name) {
  if (is_safe_relative_path(name)) return {};
  return tl::unexpected(Error{.code = "E151",
                              .exit = ExitCode::configuration,
                              .message = "the key '" + name + "' leads out of the job's folder",
                              .fix = "look at the bucket: this is nothing that SageMaker writes"});
}

std::uint64_t total_size(const std::vector<storage::ObjectInfo>& objects) {
  std::uint64_t total = 0;
  for (const storage::ObjectInfo& object : objects) total += object.size;
  return total;
}

// The bytes of all objects together, on one live line.
class LiveProgress {
 public:
  LiveProgress(Screen& screen, std::uint64_t total) : screen_(screen), total_(static_cast<double>(total)) {}

  s3::Progress of_object() {
    return [this](std::uint64_t done, std::uint64_t) {
      const double all = before_ + static_cast<double>(done);
      screen_.live("▕" + progress_bar(all, total_, 30) + "▏ " + format_bytes(all) + " of " + format_bytes(total_));
    };
  }
  void object_done(std::uint64_t size) { before_ += static_cast<double>(size); }

 private:
  Screen& screen_;
  const double total_;
  double before_ = 0;
};

Error exists_already(const fs::path& path) {
  return {.code = "E142",
          .exit = ExitCode::conflict,
          .message = "'" + path.string() + "' exists, and nothing is ever overwritten",
          .fix = "remove it, or choose another folder with --to"};
}

// Archives are unpacked beside where they were, "model.tar.gz" into "model"; anything else stays as it is. All of it
// appears at once, when it is whole.
void fetch(aws::Client& client, const std::string& bucket, const storage::ObjectInfo& object, const fs::path& file,
           const fs::path& folder, UnfinishedPull& unfinished, const s3::TransferOptions& options) {
  constexpr std::string_view archive_ending = ".tar.gz";
  const std::string name = file.filename();
  const bool is_archive = name.ends_with(archive_ending);
  const fs::path place = is_archive ? file.parent_path() / name.substr(0, name.size() - archive_ending.size()) : file;
  if (fs::exists(place)) {
    if (unfinished.has_put(object)) return;
    throw CommandFailure(exists_already(place));
  }
  fs::create_directories(place.parent_path());
  const auto aside = value_or_throw(TemporaryDirectory::create(folder, aside_prefix));
  const fs::path fetched = aside.path() / "object";
  const fs::path unpacked = aside.path() / "unpacked";
  value_or_throw(s3::download_file(client, {.bucket = bucket, .key = object.key}, fetched, options));
  if (is_archive) value_or_throw(storage::extract_archive(fetched, unpacked, {.stop = options.stop}));
  value_or_throw(unfinished.will_put(object));
  fs::rename(is_archive ? unpacked : fetched, place);
}

// Makes the folder if it is not there, without what killed pulls have left in it.
UniqueFd enter(const fs::path& folder) {
  fs::create_directories(folder);
  remove_pull_leftovers(folder);
  return lock_pull_folder(folder);
}

int pull(Session& session, const PullOptions& options) {
  Screen screen = session.screen();
  AwsAccess access(options.job.aws);
  SageMakerAccess sagemaker(access, {});
  const plan::JobDescription job = value_or_throw(sagemaker.service().describe(options.job.name));
  const OutputFolder from = output_folder(job);
  const auto bucket = value_or_throw(store_opener(access, {}, {.stop = sagemaker.detached()})("s3://" + from.bucket));
  std::vector<storage::ObjectInfo> objects = value_or_throw(bucket->list(from.prefix));
  // The console marks a folder with an empty object.
  std::erase_if(objects, [](const storage::ObjectInfo& object) { return object.key.ends_with('/'); });
  if (objects.empty()) {
    throw CommandFailure(nothing_there(job, "there are no objects below " + from.uri()));
  }
  const fs::path folder = options.to.empty() ? fs::path(job.job_name) : fs::path(options.to);
  const UniqueFd pulling = options.dry_run ? UniqueFd() : enter(folder);
  UnfinishedPull unfinished(folder, job.job_name);
  LiveProgress progress(screen, total_size(objects));
  for (const storage::ObjectInfo& object : objects) {
    const std::string name = object.key.substr(from.prefix.size() + 1);
    screen.line((options.dry_run ? "would fetch " : "fetching ") + bucket->uri(object.key) + " (" +
                format_bytes(static_cast<double>(object.size)) + ")");
    if (options.dry_run) continue;
    value_or_throw(check_name(name));
    fetch(access.client(aws::s3), from.bucket, object, folder / name, folder, unfinished,
          {.progress = progress.of_object(), .stop = sagemaker.detached()});
    progress.object_done(object.size);
  }
  if (!options.dry_run) unfinished.finish();
  screen.clear_live();
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
