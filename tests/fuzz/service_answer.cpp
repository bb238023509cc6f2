// Any bytes as the answer of an AWS service to one of the calls that smflow makes. The first byte chooses the call, the
// second one the status; then come lines of headers, an empty line, and the body.
#include "require.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

#include <smflow/aws/operations/ecr.hpp>
#include <smflow/aws/operations/iam.hpp>
#include <smflow/aws/operations/log_events.hpp>
#include <smflow/aws/operations/object_page.hpp>
#include <smflow/aws/operations/s3.hpp>
#include <smflow/aws/operations/service_quotas.hpp>
#include <smflow/aws/operations/sign_on.hpp>
#include <smflow/aws/operations/sts.hpp>
#include <smflow/aws/operations/training_jobs.hpp>
#include <smflow/base/text.hpp>

namespace {

using namespace smflow;

class OneAnswer : public http::Transport {
 public:
  explicit OneAnswer(http::Response response) : response_(std::move(response)) {}
  tl::expected<http::Response, http::TransportError> send(const http::Request& request) override {
    http::Response response = response_;
    if (!request.sink || response.status / 100 != 2) return response;
    if (const auto taken = request.sink(std::as_bytes(std::span(response.body))); !taken) {
      return tl::unexpected(http::TransportError{http::TransportError::Kind::local, "the sink failed", taken.error()});
    }
    response.body.clear();
    return response;
  }

 private:
  const http::Response response_;
};

class SameRandom : public RandomSource {
 public:
  std::uint64_t next() override { return 0; }
};

class SameClock : public Clock {
 public:
  WallTime now() const override { return WallTime{std::chrono::seconds{1'700'000'000}}; }
  SteadyTime steady_now() const override { return {}; }
};

http::Response response_in(std::string_view text) {
  static constexpr std::array statuses = {200, 200, 204, 206, 307, 400, 403, 404, 409, 412, 500};
  http::Response response{.status = statuses[static_cast<unsigned char>(text.front()) % statuses.size()]};
  text.remove_prefix(1);
  for (std::size_t end; (end = text.find('\n')) != std::string_view::npos;) {
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end + 1);
    if (line.empty()) break;
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    response.headers.push_back({std::string(line.substr(0, colon)), std::string(trim(line.substr(colon + 1)))});
  }
  response.body = text;
  return response;
}

template <class Outcome>
void judge(const Outcome& outcome) {
  if (outcome) return;
  const Error error = aws::as_error(outcome.error());
  fuzz::require(!error.code.empty() && !error.message.empty(), "an error says something");
  fuzz::require(is_valid_utf8(error.message), "an error is UTF-8");
}

using Ask = void (*)(aws::Client& client);
struct Call {
  const aws::Service& service;
  Ask ask;
};

const aws::ObjectName object{"bucket", "a/key"};
const aws::RepositoryName repository{"", "gan"};
const aws::MultipartUpload upload{object, "id"};

const std::array calls = {
    Call{aws::s3, [](aws::Client& client) { judge(aws::list_objects(client, "bucket", "a/")); }},
    Call{aws::s3, [](aws::Client& client) { judge(aws::head_object(client, object)); }},
    Call{aws::s3, [](aws::Client& client) { judge(aws::get_object(client, {.object = object})); }},
    Call{aws::s3,
         [](aws::Client& client) {
           judge(aws::get_object(client, {.object = object, .range = aws::ByteRange{10, 20}, .if_match = "\"e\""}));
         }},
    Call{aws::s3,
         [](aws::Client& client) {
           judge(aws::put_object(client, {.object = object, .body = http::body_of("x"), .only_new = true}));
         }},
    Call{aws::s3, [](aws::Client& client) { judge(aws::head_bucket(client, "bucket")); }},
    Call{aws::s3, [](aws::Client& client) { judge(aws::copy_object(client, object, {"bucket", "b"})); }},
    Call{aws::s3, [](aws::Client& client) { judge(aws::create_multipart_upload(client, object)); }},
    Call{aws::s3,
         [](aws::Client& client) {
           judge(aws::upload_part(client, {.upload = upload, .number = 1, .body = http::body_of("x")}));
         }},
    Call{aws::s3,
         [](aws::Client& client) {
           judge(aws::complete_multipart_upload(client, {.upload = upload, .parts = {{1, "\"e\""}}, .size = 1}));
         }},
    Call{aws::sagemaker, [](aws::Client& client) { judge(aws::create_training_job(client, Json::object())); }},
    Call{aws::sagemaker, [](aws::Client& client) { judge(aws::describe_training_job(client, "job")); }},
    Call{aws::sagemaker, [](aws::Client& client) { judge(aws::list_training_jobs(client, {})); }},
    Call{aws::sagemaker, [](aws::Client& client) { judge(aws::list_tags(client, "arn")); }},
    Call{aws::logs, [](aws::Client& client) { judge(aws::describe_log_streams(client, "group", "job")); }},
    Call{aws::logs,
         [](aws::Client& client) {
           judge(aws::get_log_events(client, {.group = "group", .stream = "job/algo-1", .token = "t"}));
         }},
    Call{aws::logs, [](aws::Client& client) { judge(aws::filter_log_events(client, {.group = "group"})); }},
    Call{aws::ecr, [](aws::Client& client) { judge(aws::describe_image(client, repository, {.tag = "v1"})); }},
    Call{aws::ecr, [](aws::Client& client) { judge(aws::get_image(client, repository, {.tag = "v1"})); }},
    Call{aws::ecr, [](aws::Client& client) { judge(aws::get_download_url(client, repository, "sha256:1")); }},
    Call{aws::ecr, [](aws::Client& client) { judge(aws::describe_repository(client, repository)); }},
    Call{aws::ecr, [](aws::Client& client) { judge(aws::create_repository(client, {.name = "gan"})); }},
    Call{aws::ecr, [](aws::Client& client) { judge(aws::get_authorization_token(client)); }},
    Call{aws::iam, [](aws::Client& client) { judge(aws::get_role(client, "train")); }},
    Call{aws::iam,
         [](aws::Client& client) {
           judge(aws::simulate_principal_policy(
               client, {.principal_arn = "arn", .action = "iam:PassRole", .resource_arn = "arn"}));
         }},
    Call{aws::sts, [](aws::Client& client) { judge(aws::get_caller_identity(client)); }},
    Call{aws::sts,
         [](aws::Client& client) { judge(aws::assume_role(client, {.role_arn = "arn", .session_name = "smflow"})); }},
    Call{aws::service_quotas, [](aws::Client& client) { judge(aws::list_service_quotas(client, "sagemaker")); }},
    Call{aws::sso, [](aws::Client& client) { judge(aws::get_role_credentials(client, "1", "role", "token")); }},
    Call{aws::sso_oidc, [](aws::Client& client) { judge(aws::create_token(client, {"id", "secret", "token"})); }},
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const Call& call = calls[data[0] % calls.size()];
  OneAnswer transport(response_in({reinterpret_cast<const char*>(data) + 1, size - 1}));
  const SameClock clock;
  SameRandom random;
  aws::Client client(call.service, "eu-west-1", {},
                     {.transport = transport,
                      .credentials = nullptr,
                      .clock = clock,
                      .random = random,
                      .sleep = [](std::chrono::milliseconds, const std::stop_token&) { return true; }});
  call.ask(client);
  return 0;
}
