#include "job.hpp"

#include "artifacts.hpp"
#include "fetched_input.hpp"
#include "host_folders.hpp"
#include "owner.hpp"

#include <algorithm>

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <smflow/base/text.hpp>
#include <smflow/contract/contract.hpp>

namespace smflow::engine {

namespace fs = std::filesystem;
using plan::JobStatus;

namespace {

const contract::Paths inside{};

// Under sudo the program runs as the user who typed it, and must be able to write its folders.
void give_to_sudo_user(const fs::path& folder) {
  const auto owner = sudo_user();
  if (!owner) return;
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder, ignored)) {
    if (::lchown(entry.path().c_str(), owner->user, owner->group) != 0) return;
  }
  if (::lchown(folder.c_str(), owner->user, owner->group) != 0) return;
}

std::string left_out_notice(const Input& input) {
  return "channel '" + input.channel + "' leaves " + std::to_string(input.left_out.size()) +
         " objects out whose keys cannot be files, like '" + printable(input.left_out.front()) + "'";
}

}  // namespace

Result<std::shared_ptr<Job>> Job::start(const plan::JobPlan& plan, const ProcessEngineOptions& options) {
  if (auto checked = check_plan(plan, options.entrypoint); !checked) return tl::unexpected(checked.error());
  auto folder = JobFolder::create(plan.local.work_directory, plan.job_name);
  if (!folder) return tl::unexpected(std::move(folder).error());
  const std::shared_ptr<Job> job(new Job(plan, options, *std::move(folder)));
  if (auto prepared = job->prepare(); !prepared) return tl::unexpected(prepared.error());
  return job;
}

Job::Job(const plan::JobPlan& plan, const ProcessEngineOptions& options, JobFolder folder)
    : plan_(plan),
      options_(options),
      hosts_(contract::host_names(plan.instance_count)),
      history_(plan.job_name, *options.clock),
      folder_(std::move(folder)),
      wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

Result<void> Job::prepare() {
  history_.enter("Starting", "preparing the job's folders");
  if (!plan_.output_uri.empty()) {
    const auto store = options_.open_store(plan_.output_uri);
    if (!store) return tl::unexpected(store.error());
    if (auto free = check_name_is_free(**store, plan_.job_name); !free) return free;
  }
  const auto inputs = get_inputs();
  if (!inputs) return tl::unexpected(inputs.error());
  if (auto made = make_host_folders(plan_, *folder_, *inputs); !made) return made;
  if (auto restored = restore_checkpoints(); !restored) return restored;
  const auto notice = run_on_best_rung(*inputs);
  if (!notice) return tl::unexpected(notice.error());
  history_.enter("Training", notice->empty() ? "training is in progress" : "training is in progress; " + *notice);
  for (const std::string& host : hosts_) logs_.emplace_back(host, folder_->path() / (host + ".txt"));
  if (checkpoints_) checkpoints_->start();
  return {};
}

// Local data first: a wrong path is found before anything is fetched.
Result<std::vector<Input>> Job::get_inputs() {
  std::vector<Input> inputs;
  for (const bool local : {true, false}) {
    for (const plan::Channel& channel : plan_.channels) {
      if (storage::is_file_uri(channel.uri) != local) continue;
      if (!local) history_.enter("Downloading", "fetching '" + channel.uri + "' for channel '" + channel.name + "'");
      auto input = local ? find_input(channel)
                         : fetch_input(channel.name, channel.uri, folder_->path() / "inputs" / channel.name,
                                       options_.open_store);
      if (!input) return tl::unexpected(std::move(input).error());
      if (!input->left_out.empty()) history_.enter("Downloading", left_out_notice(*input));
      inputs.push_back(*std::move(input));
    }
  }
  return inputs;
}

Result<void> Job::restore_checkpoints() {
  if (!plan_.checkpoint || plan_.checkpoint->uri.empty()) return {};
  history_.enter("Downloading", "restoring checkpoints");
  auto store = options_.open_store(plan_.checkpoint->uri);
  if (!store) return tl::unexpected(std::move(store).error());
  std::vector<fs::path> folders;
  for (const std::string& host : hosts_) {
    folders.push_back(on_this_machine(*folder_, host, plan_.checkpoint->local_path));
  }
  checkpoints_.emplace(*std::move(store), std::move(folders), options_.checkpoint_interval);
  return checkpoints_->restore();
}

Result<std::string> Job::run_on_best_rung(const std::vector<Input>& inputs) {
  const bool root = ::geteuid() == 0 && !sudo_user();
  std::string refused;
  for (const Rung& rung : ladder(root, plan_.instance_count)) {
    if (auto fitted = fit_to(rung, plan_, *folder_, inputs); !fitted) return tl::unexpected(fitted.error());
    give_to_sudo_user(folder_->path());
    const SandboxSpec spec = make_spec(rung, plan_, *folder_, inputs, options_.entrypoint, options_.environment);
    auto sandbox = Sandbox::start(spec, folder_->lock());
    if (sandbox) {
      sandbox_.emplace(*std::move(sandbox));
      return warning(rung, plan_.instance_count, refused);
    }
    if (refused.empty()) refused = sandbox.error().message;
  }
  return tl::unexpected(
      Error{.code = "E109",
            .exit = ExitCode::machine,
            .message = refused,
            .fix = plan_.instance_count > 1 ? "allow user namespaces on this machine, or run one host" : ""});
}

plan::JobDescription Job::follow(plan::JobObserver& observer) {
  report(observer);
  pump(observer);
  end_sandbox();
  Outcome result = outcome();
  save_results(result, observer);
  folder_.reset();
  history_.update([&](plan::JobDescription& job) { job.failure_reason = result.reason; });
  history_.end(result.status, result.secondary_status, result.reason);
  report(observer);
  return describe();
}

void Job::report(plan::JobObserver& observer) {
  const plan::JobDescription job = describe();
  for (; reported_ < job.transitions.size(); ++reported_) observer.on_status(job.transitions[reported_]);
}

// Until the sandbox has ended and every log has been read to its end.
void Job::pump(plan::JobObserver& observer) {
  std::vector<UniqueFd>& outputs = sandbox_->outputs();
  std::vector<pollfd> events{{wake_.get(), POLLIN, 0}, {sandbox_->events_fd(), POLLIN, 0}};
  for (const UniqueFd& output : outputs) events.push_back({output.get(), POLLIN, 0});
  std::size_t open = outputs.size();
  while (!ended_ || open > 0) {
    if (::poll(events.data(), events.size(), -1) < 0) continue;
    if (events[0].revents != 0) note_stopping();
    if (events[1].revents != 0) {
      for (const SandboxEvent& event : sandbox_->read_events()) handle(event);
      if (ended_) events[1].fd = -1;
    }
    for (std::size_t host = 0; host < outputs.size(); ++host) {
      pollfd& event = events[2 + host];
      if (event.revents == 0 || logs_[host].pump(outputs[host].get(), observer)) continue;
      event.fd = -1;
      --open;
      logs_[host].finish(observer);
    }
    report(observer);
  }
}

void Job::handle(const SandboxEvent& event) {
  using Kind = SandboxEvent::Kind;
  if (event.kind == Kind::end) ended_ = true;
  if (event.kind == Kind::timeout) {
    timed_out_ = true;
    history_.enter("Stopping", "the job has run for its longest time");
  }
  if (event.kind == Kind::exited && event.host < hosts_.size()) host_exited(event);
}

void Job::host_exited(const SandboxEvent& event) {
  const std::string& host = hosts_[event.host];
  history_.update([&](plan::JobDescription& job) { job.hosts.push_back({host, event.exit_code}); });
  const bool asked = timed_out_ || [&] {
    const std::lock_guard lock(mutex_);
    return stops_ > 0;
  }();
  if (event.exit_code == 0 || failure_ || asked) return;
  const fs::path ml = folder_->host(host) / "ml";
  failure_ = HostFailure{.host = host, .exit_code = event.exit_code};
  failure_->failure_file = read_failure_file(contract::Paths{ml}.failure_file());
  if (disk_is_full(ml)) failure_->full_disk = ml;
}

void Job::note_stopping() {
  std::uint64_t count = 0;
  if (::read(wake_.get(), &count, sizeof count) != sizeof count) return;
  if (describe().status == JobStatus::InProgress) history_.enter("Stopping", "the job is being stopped");
}

void Job::stop() {
  const std::lock_guard lock(mutex_);
  if (!sandbox_) return;
  ++stops_;
  stops_ > 1 ? sandbox_->kill() : sandbox_->stop();
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t woken = ::write(wake_.get(), &one, sizeof one);
}

void Job::end_sandbox() {
  const std::lock_guard lock(mutex_);
  sandbox_.reset();
}

Job::Outcome Job::outcome() const {
  if (failure_) {
    HostFailure failure = *failure_;
    const auto log =
        std::find_if(logs_.begin(), logs_.end(), [&](const HostLog& l) { return l.host() == failure.host; });
    failure.tail = log->tail();
    return {JobStatus::Failed, "Failed", failure_reason(failure, hosts_.size() > 1)};
  }
  if (timed_out_) return {JobStatus::Stopped, "MaxRuntimeExceeded", {}};
  if (stops_ > 0) return {JobStatus::Stopped, "Stopped", {}};
  if (describe().hosts.size() < hosts_.size()) {
    return {JobStatus::Failed, "Failed", "InternalServerError: the sandbox of the job ended unexpectedly"};
  }
  return {};
}

// A program that failed has said why; when only saving fails, that is why the job fails, and its files stay.
void Job::save_results(Outcome& result, plan::JobObserver& observer) {
  history_.update([&](plan::JobDescription& job) { job.training_end_time = options_.clock->now(); });
  history_.enter("Uploading", "saving what the job has left");
  report(observer);
  std::string unsaved;
  for (const auto save : {&Job::save_checkpoints, &Job::save_artifacts, &Job::save_logs}) {
    const Result<void> saved = (this->*save)();
    if (!saved && unsaved.empty()) unsaved = saved.error().message;
  }
  if (unsaved.empty() || result.status == JobStatus::Failed) return;
  result.status = JobStatus::Failed;
  result.secondary_status = "Failed";
  result.reason = contract::failure_reason("ClientError: " + unsaved + "; the job's files are kept in '" +
                                           folder_->path().string() + "'");
  folder_->keep();
}

Result<void> Job::save_checkpoints() {
  if (!checkpoints_) return {};
  auto saved = checkpoints_->finish();
  checkpoints_.reset();
  return saved;
}

Result<void> Job::save_artifacts() {
  if (plan_.output_uri.empty()) return {};
  const auto store = options_.open_store(plan_.output_uri);
  if (!store) return tl::unexpected(store.error());
  const auto save = [&](const std::string& name, const fs::path& path, std::string plan::JobDescription::*uri) {
    std::vector<storage::ArchiveSource> sources;
    for (const std::string& host : hosts_) sources.push_back({host, on_this_machine(*folder_, host, path), path});
    return store_artifact(**store, *folder_, plan_.job_name, name, sources).map([&](const std::string& stored) {
      history_.update([&](plan::JobDescription& job) { job.*uri = stored; });
    });
  };
  const auto model = save("model", inside.model(), &plan::JobDescription::model_artifacts_uri);
  const auto output = save("output", inside.output_data(), &plan::JobDescription::output_artifacts_uri);
  return model ? output : model;
}

Result<void> Job::save_logs() {
  if (plan_.record_uri.empty()) return {};
  const auto record = options_.open_store(plan_.record_uri);
  if (!record) return tl::unexpected(record.error());
  for (const HostLog& log : logs_) {
    if (auto stored = store_log(**record, log); !stored) return stored;
  }
  return {};
}

}  // namespace smflow::engine
