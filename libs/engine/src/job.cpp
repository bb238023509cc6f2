#include "job.hpp"

#include "artifacts.hpp"
#include "debugging.hpp"
#include "fetched_input.hpp"
#include "host_folders.hpp"
#include "shards.hpp"

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

std::string left_out_notice(const Input& input) {
  return "channel '" + input.channel + "' leaves " + std::to_string(input.left_out.size()) +
         " objects out whose keys cannot be files, like '" + printable(input.left_out.front()) + "'";
}

}  // namespace

Error stopped_early(const std::string& job_name) {
  return {.code = "E121",
          .exit = ExitCode::interrupted,
          .message = "job '" + job_name + "' was stopped before its program started",
          .fix = "start it again; what was fetched for it already is kept"};
}

Result<std::shared_ptr<Job>> Job::start(const plan::JobPlan& plan, const LocalEngineOptions& options,
                                        std::stop_token stop) {
  if (auto checked = check_plan(plan); !checked) return tl::unexpected(checked.error());
  if (auto checked = options.kind->check(plan, stop); !checked) return tl::unexpected(checked.error());
  auto folder = JobFolder::create(plan.local.work_directory, plan.job_name);
  if (!folder) return tl::unexpected(std::move(folder).error());
  const std::shared_ptr<Job> job(new Job(plan, options, *std::move(folder)));
  if (auto prepared = job->prepare(stop); !prepared) return tl::unexpected(prepared.error());
  return job;
}

Job::Job(const plan::JobPlan& plan, const LocalEngineOptions& options, JobFolder folder)
    : plan_(plan),
      options_(options),
      names_(contract::host_names(plan.instance_count)),
      history_(plan.job_name, *options.clock),
      folder_(std::move(folder)),
      wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

Result<void> Job::prepare(const std::stop_token& stop) {
  history_.enter("Starting", "preparing the job's folders");
  if (!plan_.output_uri.empty()) {
    const auto store = options_.open_store(plan_.output_uri);
    if (!store) return tl::unexpected(store.error());
    if (auto free = check_name_is_free(**store, plan_.job_name); !free) return free;
  }
  const auto order = make_order();
  if (!order) return tl::unexpected(order.error());
  if (auto made = make_host_folders(*order); !made) return made;
  if (plan_.local.code_is_given) {
    if (auto told = write_text(folder_->path() / code_file, plan_.local.code); !told) return told;
  }
  if (auto restored = restore_checkpoints(*order); !restored) return restored;
  for (const auto& pipe : pipes_) {
    const auto on_fault = [this](const std::string& reason) { lose_data(reason); };
    if (auto started = pipe->start(on_fault); !started) return started;
  }
  if (auto given = give_credentials(*order); !given) return given;
  if (stop.stop_requested()) return tl::unexpected(stopped_early(plan_.job_name));
  if (auto started = start_hosts(*order); !started) return started;
  for (const std::string& name : names_) {
    logs_.emplace_back(name, folder_->path() / (name + ".txt"), *options_.clock);
  }
  if (checkpoints_) checkpoints_->start();
  return {};
}

Result<JobOrder> Job::make_order() {
  JobOrder order{.plan = plan_, .folder = folder_->path(), .lock = folder_->lock(), .hosts = {}};
  for (const std::string& name : names_) order.hosts.push_back({name, folder_->host(name), {}});
  const auto inputs = get_inputs();
  if (!inputs) return tl::unexpected(inputs.error());
  for (const Input& input : *inputs) {
    const auto channel = std::find_if(plan_.channels.begin(), plan_.channels.end(),
                                      [&](const plan::Channel& c) { return c.name == input.channel; });
    if (auto added = add_input(*channel, input, order); !added) return tl::unexpected(added.error());
  }
  return order;
}

Result<void> Job::add_input(const plan::Channel& channel, const Input& input, JobOrder& order) {
  const bool shared_out = channel.distribution == plan::DataDistribution::ShardedByS3Key && !input.is_file;
  std::vector<Input> parts(order.hosts.size(), input);
  if (shared_out && parts.size() > 1) {
    auto shards = make_shards(input, parts.size(), folder_->path() / "shards" / input.channel);
    if (!shards) return tl::unexpected(std::move(shards).error());
    parts = *std::move(shards);
  }
  for (std::size_t index = 0; index < parts.size(); ++index) {
    HostOrder& host = order.hosts[index];
    if (channel.input_mode == plan::InputMode::Pipe) {
      auto pipe = PipeChannel::make(parts[index], on_this_machine(host.folder, inside.input_data()));
      if (!pipe) return tl::unexpected(std::move(pipe).error());
      pipes_.push_back(*std::move(pipe));
    } else {
      host.inputs.push_back({parts[index].source, inside.input_data() / parts[index].place(), true});
    }
  }
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
                                       options_.open_input ? options_.open_input : options_.open_store);
      if (!input) return tl::unexpected(std::move(input).error());
      if (!input->left_out.empty()) history_.enter("Downloading", left_out_notice(*input));
      inputs.push_back(*std::move(input));
    }
  }
  return inputs;
}

Result<void> Job::restore_checkpoints(const JobOrder& order) {
  if (!plan_.checkpoint || plan_.checkpoint->uri.empty()) return {};
  history_.enter("Downloading", "restoring checkpoints");
  auto store = options_.open_store(plan_.checkpoint->uri);
  if (!store) return tl::unexpected(std::move(store).error());
  std::vector<fs::path> folders;
  for (const HostOrder& host : order.hosts) {
    folders.push_back(on_this_machine(host.folder, plan_.checkpoint->local_path));
  }
  const auto refresh = [this] { return hosts_->refresh(plan_.checkpoint->local_path); };
  checkpoints_.emplace(*std::move(store), std::move(folders), options_.checkpoint_interval, refresh);
  return checkpoints_->restore();
}

Result<void> Job::give_credentials(const JobOrder& order) {
  if (!plan_.local.aws_credentials) return {};
  if (!options_.credentials) {
    return tl::unexpected(
        Error{.code = "E107",
              .exit = ExitCode::configuration,
              .message = "LOCAL.AWS_CREDENTIALS: whoever runs this job has no AWS credentials to give",
              .fix = "sign in to AWS, or leave it false; smflow doctor tells which credentials are found"});
  }
  const auto variables = options_.credentials();
  if (!variables) return tl::unexpected(variables.error());
  for (const HostOrder& host : order.hosts) {
    auto pipe = CredentialsPipe::start(host.folder, *variables);
    if (!pipe) return tl::unexpected(std::move(pipe).error());
    credentials_.push_back(*std::move(pipe));
  }
  return {};
}

Result<void> Job::start_hosts(const JobOrder& order) {
  auto started = options_.kind->start(order);
  if (!started) return tl::unexpected(std::move(started).error());
  {
    const std::lock_guard lock(mutex_);
    hosts_ = std::move(started->hosts);
    if (!lost_data_.empty()) hosts_->stop();
  }
  const std::string notice = started->notice.empty() ? "" : "; " + started->notice;
  history_.enter("Training", "training is in progress" + notice);
  return {};
}

// Their threads use the hosts and the lock, which are destroyed first.
Job::~Job() {
  pipes_.clear();
  if (checkpoints_) checkpoints_->stop();
}

plan::JobDescription Job::follow(plan::JobObserver& observer) {
  report(observer);
  pump(observer);
  pipes_.clear();
  credentials_.clear();
  if (checkpoints_) checkpoints_->stop();
  end_hosts();
  Outcome result = outcome();
  save_results(result, observer);
  if (failure_) keep_core(plan_, {failure_->host, folder_->host(failure_->host)});
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

// Until the hosts have ended and every log has been read to its end.
void Job::pump(plan::JobObserver& observer) {
  std::vector<UniqueFd>& outputs = hosts_->outputs();
  std::vector<pollfd> events{{wake_.get(), POLLIN, 0}, {hosts_->events_fd(), POLLIN, 0}};
  for (const UniqueFd& output : outputs) events.push_back({output.get(), POLLIN, 0});
  std::size_t open = outputs.size();
  while (!ended_ || open > 0) {
    if (::poll(events.data(), events.size(), -1) < 0) continue;
    if (events[0].revents != 0) note_stopping();
    if (events[1].revents != 0) {
      for (const HostEvent& event : hosts_->read_events()) handle(event);
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

void Job::handle(const HostEvent& event) {
  using Kind = HostEvent::Kind;
  if (event.kind == Kind::end) {
    ended_ = true;
    not_had_ = event.problem;
  }
  if (event.kind == Kind::timeout) {
    timed_out_ = true;
    history_.enter("Stopping", "the job has run for its longest time");
  }
  if (event.kind == Kind::exited && event.host < names_.size()) host_exited(event);
}

void Job::host_exited(const HostEvent& event) {
  const std::string& host = names_[event.host];
  history_.update([&](plan::JobDescription& job) { job.hosts.push_back({host, event.exit_code}); });
  const bool asked = timed_out_ || [&] {
    const std::lock_guard lock(mutex_);
    return is_told_to_stop();
  }();
  if (event.exit_code == 0 || asked) return;
  const fs::path ml = folder_->host(host) / "ml";
  const fs::path file = contract::Paths{ml}.failure_file();
  HostFailure failure{.host = host,
                      .time = event.failed ? *event.failed : time_of_failure(file),
                      .exit_code = event.exit_code,
                      .out_of_memory = event.out_of_memory};
  // A host that fails because it has lost another may be gone before the other has looked for its reason.
  if (failure_ && failure_->time <= failure.time) return;
  failure.failure_file = read_failure_file(file);
  if (disk_is_full(ml)) failure.full_disk = ml;
  failure_ = std::move(failure);
}

void Job::note_stopping() {
  std::uint64_t count = 0;
  if (::read(wake_.get(), &count, sizeof count) != sizeof count) return;
  if (describe().status == JobStatus::InProgress) history_.enter("Stopping", "the job is being stopped");
}

void Job::stop() {
  const std::lock_guard lock(mutex_);
  if (!hosts_) return;
  ++stops_;
  stops_ > 1 ? hosts_->kill() : hosts_->stop();
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t woken = ::write(wake_.get(), &one, sizeof one);
}

// A program that goes on would learn from a part of its data, or wait for the rest for ever.
void Job::lose_data(const std::string& reason) {
  const std::lock_guard lock(mutex_);
  if (lost_data_.empty()) lost_data_ = "the program did not get all its data: " + reason;
  if (hosts_) hosts_->stop();
}

void Job::end_hosts() {
  const std::lock_guard lock(mutex_);
  hosts_.reset();
}

Job::Outcome Job::outcome() const {
  if (failure_) {
    HostFailure failure = *failure_;
    const auto log =
        std::find_if(logs_.begin(), logs_.end(), [&](const HostLog& l) { return l.host() == failure.host; });
    failure.tail = log->tail();
    return {JobStatus::Failed, "Failed", failure_reason(failure, names_.size() > 1)};
  }
  if (timed_out_) return {JobStatus::Stopped, "MaxRuntimeExceeded", {}};
  if (is_told_to_stop()) return {JobStatus::Stopped, "Stopped", {}};
  if (describe().hosts.size() < names_.size()) {
    return {JobStatus::Failed, "Failed", "InternalServerError: the hosts of the job ended unexpectedly"};
  }
  return {};
}

// What cannot be saved stays in the job's folder. A program that failed has said why the job fails; else that is why.
void Job::save_results(Outcome& result, plan::JobObserver& observer) {
  history_.update([&](plan::JobDescription& job) { job.training_end_time = options_.clock->now(); });
  history_.enter("Uploading", "saving what the job has left");
  report(observer);
  // No thread of a pipe is left.
  std::string unsaved = lost_data_.empty() ? not_had_ : lost_data_;
  for (const auto save : {&Job::save_checkpoints, &Job::save_artifacts, &Job::save_logs}) {
    const Result<void> saved = (this->*save)();
    if (!saved && unsaved.empty()) unsaved = saved.error().message;
  }
  // What filled the disk goes, so that there is room again.
  const bool filled_disk = failure_ && !failure_->full_disk.empty();
  if (unsaved.empty() || (result.status == JobStatus::Failed && filled_disk)) return;
  unsaved += "; the job's files are kept in '" + folder_->path().string() + "'";
  folder_->keep();
  if (result.status == JobStatus::Failed) return observer.on_notice(unsaved);
  result.status = JobStatus::Failed;
  result.secondary_status = "Failed";
  result.reason = contract::failure_reason("ClientError: " + unsaved);
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
    for (const std::string& host : names_) {
      sources.push_back({host, on_this_machine(folder_->host(host), path), path});
    }
    return store_artifact(**store, *folder_, plan_.job_name, name, sources).map([&](const std::string& stored) {
      history_.update([&](plan::JobDescription& job) { job.*uri = stored; });
    });
  };
  const plan::ArtifactNames names = plan::artifact_names(plan_.platform.compress_output);
  const auto model = save(names.model, inside.model(), &plan::JobDescription::model_artifacts_uri);
  const auto output = save(names.output, inside.output_data(), &plan::JobDescription::output_artifacts_uri);
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
