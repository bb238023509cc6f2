#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>

#include <smflow/base/files.hpp>
#include <smflow/base/parallel.hpp>
#include <smflow/rehearsal/spot.hpp>
#include <smflow/storage/archive.hpp>
#include <smflow/storage/store.hpp>

namespace smflow::rehearsal {

namespace fs = std::filesystem;

namespace {

constexpr std::chrono::seconds platform_grace{120};
constexpr std::uint64_t metrics_limit = 1ull << 30;

std::string file_uri(const fs::path& path) {
  return "file://" + path.string();
}

// Asks the job to stop once the time is over; does nothing any more when it is gone by then.
std::jthread reclaim_after(std::chrono::milliseconds after, plan::TrainingService& service, const std::string& job) {
  return std::jthread([after, &service, job](const std::stop_token& ended) {
    std::mutex mutex;
    std::unique_lock lock(mutex);
    std::condition_variable_any never;
    never.wait_for(lock, ended, after, [] { return false; });
    if (!ended.stop_requested()) static_cast<void>(service.stop(job));
  });
}

class Listener : public plan::JobObserver {
 public:
  Listener(RehearsalObserver& next, TraceReader& reader) : next_(next), reader_(reader) {}
  void on_status(const plan::StatusTransition& transition) override { next_.on_status(transition); }
  void on_log(std::string_view host, std::string_view line, WallTime time) override {
    if (host == "algo-1") reader_.add_log_line(line);
    next_.on_log(host, line, time);
  }
  void on_notice(std::string_view text) override { next_.on_notice(text); }

 private:
  RehearsalObserver& next_;
  TraceReader& reader_;
};

// The local file that an artifact's URI names; none when the job has left none.
std::optional<fs::path> artifact(const std::string& uri) {
  const auto path = storage::file_uri_path(uri);
  return path ? std::optional(*path) : std::nullopt;
}

bool is_metrics_file(std::string_view member) {
  return member.starts_with("metrics/") && member.ends_with(".jsonl");
}

Result<std::string> metric_lines(const std::string& output_uri, const fs::path& scratch) {
  const auto archive = artifact(output_uri);
  if (!archive) return std::string();
  if (auto read = storage::read_archive(*archive, is_metrics_file, scratch); !read) return tl::unexpected(read.error());
  std::string lines;
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(scratch)) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  std::ranges::sort(files);
  for (const fs::path& file : files) {
    const auto content = read_file(file, metrics_limit);
    if (!content) return tl::unexpected(content.error());
    lines += *content + "\n";
  }
  fs::remove_all(scratch);
  return lines;
}

Result<std::size_t> count_objects(const std::string& uri) {
  const auto store = storage::open_store(uri);
  if (!store) return tl::unexpected(store.error());
  return (*store)->list("").map([](const auto& objects) { return objects.size(); });
}

class Rehearsal {
 public:
  Rehearsal(const plan::JobPlan& plan, const fs::path& folder, const SpotOptions& options,
            plan::TrainingService& service, RehearsalObserver& observer, std::stop_token stop)
      : plan_(plan),
        folder_(folder),
        options_(options),
        service_(service),
        observer_(observer),
        stop_(std::move(stop)) {}

  Result<SpotFacts> run() {
    SpotFacts facts{.job_name = plan_.job_name,
                    .after = options_.after,
                    .times = options_.times,
                    .grace = plan_.stop_grace,
                    .checkpoint_folder = plan_.checkpoint->local_path};
    auto reference = start(0);
    if (!reference) return tl::unexpected(reference.error());
    facts.reference = *std::move(reference);
    if (!is_long_enough(facts.reference.job)) return facts;
    for (bool interrupted = true; interrupted;) {
      auto next = start(static_cast<int>(facts.starts.size()) + 1);
      if (!next) return tl::unexpected(next.error());
      interrupted = next->interrupted;
      facts.starts.push_back(*std::move(next));
    }
    if (auto compared = compare_models(facts); !compared) return tl::unexpected(compared.error());
    return facts;
  }

 private:
  bool is_long_enough(const plan::JobDescription& job) const {
    if (job.status != plan::JobStatus::Completed || !job.training_start_time || !job.training_end_time) return false;
    return *job.training_end_time - *job.training_start_time > options_.after;
  }

  fs::path folder_of(int number) const {
    return folder_ / (number == 0 ? "reference" : "start-" + std::to_string(number));
  }

  // On the platform a job that starts again has its name and its checkpoints; all else is new.
  plan::JobPlan plan_of(int number) const {
    plan::JobPlan plan = plan_;
    plan.output_uri = file_uri(folder_of(number) / "outputs");
    plan.platform.compress_output = true;  // models are compared, not kept
    plan.record_uri = file_uri(folder_of(number));
    if (number == 0) plan.checkpoint->uri = file_uri(folder_of(0) / "checkpoints");
    return plan;
  }

  Result<StartFacts> start(int number) {
    if (stop_.stop_requested()) return tl::unexpected(interrupted());
    observer_.on_start(number);
    const plan::JobPlan plan = plan_of(number);
    TraceReader reader(plan.metric_definitions);
    auto job = follow(plan, number > 0 && number <= options_.times, reader);
    if (stop_.stop_requested()) return tl::unexpected(interrupted());
    if (!job) return tl::unexpected(std::move(job).error());
    const auto lines = metric_lines(job->output_artifacts_uri, folder_of(number) / "metrics");
    const auto files = count_objects(plan.checkpoint->uri);
    if (!lines || !files) return tl::unexpected(lines ? files.error() : lines.error());
    StartFacts facts{.job = *std::move(job), .trace = reader.trace(*lines), .checkpoint_files = *files};
    facts.interrupted = number > 0 && facts.job.secondary_status == "Stopped";
    if (facts.interrupted && !options_.keep) fs::remove_all(folder_of(number));
    observer_.on_end(facts);
    return facts;
  }

  Result<plan::JobDescription> follow(const plan::JobPlan& plan, bool to_be_interrupted, TraceReader& reader) {
    const auto kill = [&] {
      for (int asked = 0; asked < 2; ++asked) static_cast<void>(service_.stop(plan.job_name));
    };
    const std::stop_callback killed(stop_, kill);
    if (auto submitted = service_.submit(plan); !submitted) return tl::unexpected(submitted.error());
    // What is asked of a job that is being submitted stops it only.
    if (stop_.stop_requested()) kill();
    std::jthread reclaim;
    if (to_be_interrupted) reclaim = reclaim_after(options_.after, service_, plan.job_name);
    Listener listener(observer_, reader);
    return service_.follow(plan.job_name, listener);
  }

  Result<void> compare_models(SpotFacts& facts) const {
    const auto reference = artifact(facts.reference.job.model_artifacts_uri);
    const auto rehearsed = artifact(facts.starts.back().job.model_artifacts_uri);
    if (!reference || !rehearsed) return {};
    const fs::path models = folder_ / "models";
    for (const auto& [archive, name] : {std::pair(*reference, "reference"), std::pair(*rehearsed, "rehearsed")}) {
      const auto extracted = storage::extract_archive(archive, models / name);
      if (!extracted) return tl::unexpected(extracted.error());
    }
    return compare_model_files(models / "reference", models / "rehearsed").map([&](ModelComparison compared) {
      facts.model = std::move(compared);
    });
  }

  const plan::JobPlan& plan_;
  const fs::path& folder_;
  const SpotOptions& options_;
  plan::TrainingService& service_;
  RehearsalObserver& observer_;
  const std::stop_token stop_;
};

}  // namespace

Result<plan::JobPlan> rehearsed_plan(const plan::JobPlan& plan, const fs::path& folder) {
  if (plan.target == plan::Target::sagemaker) {
    return tl::unexpected(Error{.code = "E396",
                                .exit = ExitCode::usage,
                                .message = "a rehearsal runs on this machine, and the job is for " + plan.instance_type,
                                .fix = "add --set SAGEMAKER.INSTANCE_TYPE=local"});
  }
  if (!plan.checkpoint || plan.checkpoint->uri.empty()) {
    return tl::unexpected(Error{.code = "E397",
                                .exit = ExitCode::configuration,
                                .message = "the job keeps no checkpoints, so that an interruption loses all its work",
                                .fix = "set S3.CHECKPOINT_DIR and CONTAINER.OUTPUT_DIR"});
  }
  plan::JobPlan rehearsed = plan;
  rehearsed.stop_grace = std::min(plan.stop_grace, platform_grace);
  rehearsed.checkpoint->uri = file_uri(folder / "checkpoints");
  rehearsed.output_uri = file_uri(folder);
  rehearsed.record_uri = file_uri(folder);
  for (plan::Channel& channel : rehearsed.channels) {
    if (channel.name == "config") channel.uri = file_uri(folder / "config");
  }
  return rehearsed;
}

Result<SpotFacts> rehearse_spot(const plan::JobPlan& plan, const fs::path& folder, const ConfigFile& config,
                                const SpotOptions& options, plan::TrainingService& service, RehearsalObserver& observer,
                                std::stop_token stop) {
  if (auto written = write_file(folder / "config" / config.name, config.content); !written) {
    return tl::unexpected(written.error());
  }
  return Rehearsal(plan, folder, options, service, observer, std::move(stop)).run();
}

}  // namespace smflow::rehearsal
