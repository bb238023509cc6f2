#include "preflight_report.hpp"

#include "local_image_check.hpp"
#include "local_service.hpp"
#include "report.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <smflow/base/files.hpp>
#include <smflow/base/redact.hpp>
#include <smflow/base/text.hpp>
#include <smflow/preflight/aws_services.hpp>

namespace smflow::cli {

namespace {

using preflight::Finding;
using preflight::Findings;
using preflight::Severity;

Findings ask_aws(const plan::JobPlan& plan, AwsAccess& access) {
  const auto services = preflight::make_aws_services(access.session(), access.transport(),
                                                     {.quota_codes = user_cache_directory() / "quota-codes.json"});
  return preflight::run_checks(plan, services.get());
}

void locate(Finding& finding, const config::Config& config) {
  if (finding.option.empty()) return;
  const Error place = config::error_at(config, finding.option, finding.report.code, finding.report.message);
  finding.report.where = place.where;
  finding.report.excerpt = place.excerpt;
}

std::string mark(const Screen& out, Severity severity) {
  if (severity == Severity::passed) return out.paint("32", "ok     ");
  return severity == Severity::warning ? out.paint("33", "warning") : out.paint("31", "error  ");
}

}  // namespace

Findings preflight_findings(const plan::JobConfigs& configs, const plan::JobPlan& plan, AwsAccess& access) {
  Findings findings =
      plan.target == plan::Target::sagemaker ? ask_aws(plan, access) : preflight::run_checks(plan, nullptr);
  // Without an engine there is no image on this machine.
  const auto engine =
      plan.image_uri.empty() ? Result<std::shared_ptr<const docker::Engine>>() : find_container_engine();
  if (engine && *engine) {
    for (Finding& finding : check_local_image(**engine, plan)) findings.push_back(std::move(finding));
  }
  for (Finding& finding : findings) locate(finding, configs.sagemaker);
  return findings;
}

void print_findings(const Session& session, const Findings& findings) {
  const bool terminal = isatty(fileno(session.out)) == 1;
  const Screen out(session.out, terminal, use_color(session.color, terminal));
  for (const Finding& finding : findings) {
    const std::string code = finding.report.code.empty() ? "" : finding.report.code + " ";
    fmt::print(session.out, "{}  {:<14} {}{}\n", mark(out, finding.severity), finding.check, code,
               printable(redact(finding.report.message)));
  }
  std::fflush(session.out);
}

OrderedJson findings_as_json(const Findings& findings) {
  OrderedJson list = OrderedJson::array();
  for (const Finding& finding : findings) {
    const Error& report = finding.report;
    OrderedJson entry{
        {"check", finding.check}, {"severity", to_string(finding.severity)}, {"message", redact(report.message)}};
    if (!report.code.empty()) entry["code"] = report.code;
    if (report.where) {
      entry["where"] = {{"file", report.where->file}, {"line", report.where->line}, {"column", report.where->column}};
    }
    if (!report.fix.empty()) entry["fix"] = report.fix;
    if (finding.severity == Severity::error) entry["exit"] = static_cast<int>(report.exit);
    if (!report.code.empty()) entry["docs"] = "docs/guide/errors.md#" + report.code;
    list.push_back(std::move(entry));
  }
  return {{"schema", "smflow.check/1"}, {"findings", std::move(list)}};
}

void require_passed(const Findings& findings, Screen& screen) {
  std::vector<Error> errors;
  for (const Finding& finding : findings) {
    if (finding.severity == Severity::warning) screen.line(render_warning(finding.report, screen));
    if (finding.severity == Severity::error) errors.push_back(finding.report);
  }
  if (!errors.empty()) throw CommandFailure(std::move(errors));
}

}  // namespace smflow::cli
