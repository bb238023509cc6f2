#include "image_digest.hpp"
#include "local_service.hpp"
#include "preflight_report.hpp"
#include "record_input.hpp"
#include "report.hpp"
#include "run_flows.hpp"
#include "s3_access.hpp"
#include "sagemaker_access.hpp"
#include "transfer_line.hpp"

#include <csignal>

#include <smflow/records/recorded_run.hpp>

namespace smflow::cli {

namespace {

// Of the run, beside its plan: who asks for it, and what is sent.
struct Submission {
  plan::Caller caller;
  plan::RunTags tags;
  records::RecordInput record;
};

std::string commit_text(const records::SourceState& state) {
  return state.commit + (state.dirty ? "-dirty" : "");
}

Submission submission_of(const PlannedRun& run, AwsAccess& access) {
  Submission submission{.caller = access.caller(), .tags = {}, .record = run.record};
  records::RecordInput& record = submission.record;
  add_code(record, run.plan);
  // Those in force may be of no file and no variable: of a role, or of single sign-on.
  if (const auto own = access.session().credentials().get()) {
    record.own_secrets.insert(record.own_secrets.end(), {own->secret_access_key, own->session_token});
  }
  const plan::Caller& caller = submission.caller;
  record.region = caller.region;
  record.account = caller.account;
  record.job_arn = "arn:" + caller.partition + ":sagemaker:" + caller.region + ":" + caller.account + ":training-job/" +
                   run.plan.job.job_name;
  submission.tags = {
      .who = records::user_name(), .commit = commit_text(record.source.state), .experiment = run.record.experiment};
  submission.record.request =
      plan::redacted_request(plan::create_training_job_request(run.plan.job, submission.caller, submission.tags));
  return submission;
}

int print_request(Session& session, Screen& screen, const PlannedRun& run, const Submission& submission, WallTime now) {
  OrderedJson uploads = OrderedJson::array();
  for (const records::RecordFile& file :
       records::submission_files(run.plan.record_prefix, run.plan.job, submission.record, now)) {
    uploads.push_back({{"uri", run.plan.bucket_uri + "/" + file.key}, {"size", file.content.size()}});
  }
  const OrderedJson& request = submission.record.request;
  const OrderedJson shown = session.json ? OrderedJson{{"request", request}, {"uploads", uploads}} : request;
  std::fprintf(session.out, "%s\n", shown.dump(2, ' ', false, OrderedJson::error_handler_t::replace).c_str());
  for (const OrderedJson& upload : uploads) {
    screen.line("would upload " + upload["uri"].get<std::string>() + " (" + upload["size"].dump() + " bytes)");
  }
  screen.line("dry run: this would be sent to CreateTrainingJob; nothing was started and nothing was uploaded");
  return 0;
}

void print_submitted(const Session& session, Screen& screen, const std::string& job) {
  screen.line("SageMaker has accepted job " + screen.paint("1", job));
  if (!session.json) return;
  const OrderedJson event{{"event", "submitted"}, {"job_name", job}};
  std::fprintf(session.out, "%s\n", event.dump().c_str());
  std::fflush(session.out);
}

Error interrupted_before_submission(const std::string& job, int signal) {
  return {.code = "E432",
          .exit = signal == SIGINT ? ExitCode::interrupted : ExitCode::terminated,
          .message = "interrupted before '" + job + "' was submitted; no job was started",
          .fix = "run the command again"};
}

int follow(Session& session, Screen& screen, const PlannedRun& run, SageMakerAccess& sagemaker,
           const records::RecordedRun& recorded, const Clock& clock) {
  const plan::JobPlan& job = run.plan.job;
  return show_to_the_end(session, screen, sagemaker, job.job_name, job.instance_count > 1,
                         [&](plan::JobObserver& view) -> Result<Followed> {
                           auto result = records::follow_recorded(recorded, clock, view);
                           if (!result) return tl::unexpected(std::move(result).error());
                           return Followed{.job = result->job,
                                           .places = places_of(run.plan, result->job),
                                           .warnings = std::move(result->warnings)};
                         });
}

}  // namespace

int run_on_sagemaker(Session& session, const PlannedRun& run) {
  Screen screen = session.screen();
  for (const Error& warning : run.configs.warnings) screen.line(render_warning(warning, screen));
  const plan::JobPlan& job = run.plan.job;
  AwsAccess access({.region = job.platform.region});
  Submission submission = submission_of(run, access);
  if (run.check && !run.dry_run) require_passed(preflight_findings(run.configs, job, access), screen);

  SageMakerAccess sagemaker(access, {}, submission.caller, submission.tags);
  const engine::StoreOpener open_store = store_opener(access, {}, {.stop = sagemaker.detached()});
  const auto bucket = value_or_throw(open_store(run.plan.bucket_uri));
  require_checkpoints(run, open_store);
  if (!run.dry_run) {
    submission.record.image_digest = image_digest(plan::full_image_uri(job, submission.caller), access);
  }
  add_data(submission.record, run.plan, open_store);
  const records::RecordedRun recorded{sagemaker.service(), *bucket, run.plan.record_prefix, job};
  if (sagemaker.first_signal() != 0) {
    throw CommandFailure(interrupted_before_submission(job.job_name, sagemaker.first_signal()));
  }
  if (run.dry_run) return print_request(session, screen, run, submission, access.clock().now());
  value_or_throw(records::submit_recorded(recorded, submission.record, access.clock()));
  print_submitted(session, screen, job.job_name);
  if (!run.detach) return follow(session, screen, run, sagemaker, recorded, access.clock());
  screen.line("  follow it    smflow logs " + job.job_name + " --follow");
  screen.line("  stop it      smflow stop " + job.job_name);
  return 0;
}

int on_this_machine_with_network(Session&, const LocalWork& work) {
  AwsAccess access(AwsOptions{});
  const std::stop_source stop_transfers;
  const std::stop_source stop_inputs;
  const SystemClock transfer_clock;
  TransferLine transfers(transfer_clock);
  const auto opener = [&](const std::stop_source& stop) {
    const auto moved = [&transfers](const s3::ObjectProgress& object) { transfers.moved(object); };
    return store_opener(access, {}, {.stop = stop.get_token(), .progress = moved});
  };
  const ServiceStores stores{.open_store = opener(stop_transfers), .open_input = opener(stop_inputs)};
  return work({.open_store = stores.open_store,
               .stop_transfers = stop_transfers,
               .stop_inputs = stop_inputs,
               .show_transfers = [&transfers](Screen* screen) { transfers.show_on(screen); },
               .make_service =
                   [&](const plan::JobPlan& job, const Clock& clock, Screen& screen) {
                     return local_service(job, clock, screen, stores, access, stop_inputs.get_token());
                   }});
}

}  // namespace smflow::cli
