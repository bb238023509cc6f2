// Calls every operation of the aws library, with all that its inputs may hold and with as little as they may, and
// writes what was sent as lines of JSON: service, operation, method, url, headers, body.
#include "support/fake_clock.hpp"
#include "support/fake_transport.hpp"

#include <iostream>

#include <smflow/aws/client.hpp>
#include <smflow/aws/operations/ecr.hpp>
#include <smflow/aws/operations/iam.hpp>
#include <smflow/aws/operations/log_events.hpp>
#include <smflow/aws/operations/s3.hpp>
#include <smflow/aws/operations/service_quotas.hpp>
#include <smflow/aws/operations/sign_on.hpp>
#include <smflow/aws/operations/ssm.hpp>
#include <smflow/aws/operations/sts.hpp>
#include <smflow/aws/operations/training_jobs.hpp>

namespace {

using namespace smflow;

class NoRandom : public RandomSource {
 public:
  std::uint64_t next() override { return 0; }
};

class OneKey : public aws::CredentialSource {
 public:
  Result<aws::Credentials> get() override { return aws::Credentials{"KEY", "secret", "token"}; }
  void reject(const aws::Credentials&) override {}
};

const std::string account = "123456789012";
const std::string job = "gan-20260131-120000-x7k2a";
const std::string job_arn = "arn:aws:sagemaker:eu-west-1:" + account + ":training-job/" + job;
const std::string role_arn = "arn:aws:iam::" + account + ":role/team/train";
const std::string digest = "sha256:" + std::string(64, 'a');

class Caller {
 public:
  // What S3 sends in answer to a head, so that no operation ends before it has sent all of its requests.
  template <class Operation>
  void call(const aws::Service& service, const std::string& name, const Operation& operation) {
    test::FakeTransport transport;
    transport.otherwise = [](const auto&) {
      return http::Response{
          200, {{"ETag", "\"0\""}, {"Content-Length", "1"}, {"x-amz-bucket-region", "eu-west-1"}}, "{}"};
    };
    aws::Client client(service, "eu-west-1", {},
                       {.transport = transport,
                        .credentials = &credentials_,
                        .clock = clock_,
                        .random = random_,
                        .sleep = [](std::chrono::milliseconds, std::stop_token) { return true; }});
    operation(client);
    if (transport.exchanges().empty()) throw std::runtime_error(name + " sends nothing");
    write(service, name, transport.exchanges().front());
  }

 private:
  static void write(const aws::Service& service, const std::string& name,
                    const test::FakeTransport::Exchange& exchange) {
    OrderedJson headers = OrderedJson::object();
    for (const http::Header& header : exchange.request.headers) headers[header.name] = header.value;
    const OrderedJson line{{"service", service.id},
                           {"operation", name},
                           {"method", exchange.request.method},
                           {"url", exchange.request.url},
                           {"headers", std::move(headers)},
                           {"body", exchange.body}};
    std::cout << line.dump() << "\n";
  }

  test::FakeClock clock_;
  NoRandom random_;
  OneKey credentials_;
};

void call_sagemaker(Caller& caller) {
  using namespace aws;
  const auto call = [&](const char* name, const auto& operation) { caller.call(sagemaker, name, operation); };
  call("DescribeTrainingJob", [](Client& client) { (void)describe_training_job(client, job); });
  call("StopTrainingJob", [](Client& client) { (void)stop_training_job(client, job); });
  call("UpdateTrainingJob", [](Client& client) { (void)enable_remote_debug(client, job); });
  call("ListTrainingJobs", [](Client& client) { (void)list_training_jobs(client, {}); });
  call("ListTrainingJobs", [](Client& client) {
    (void)list_training_jobs(client,
                             {.name_contains = "gan",
                              .status = "InProgress",
                              .created_after = WallTime{std::chrono::seconds(1)},
                              .max_results = 1},
                             "next");
  });
  call("Search", [](Client& client) { (void)search_active_jobs(client); });
  call("Search", [](Client& client) { (void)search_active_jobs(client, "next"); });
  call("AddTags", [](Client& client) { (void)add_tags(client, job_arn, {{"team", "vision"}, {"empty", ""}}); });
  call("ListTags", [](Client& client) { (void)list_tags(client, job_arn); });
  call("ListTags", [](Client& client) { (void)list_tags(client, job_arn, "next"); });
}

void call_ecr(Caller& caller) {
  using namespace aws;
  const auto call = [&](const char* name, const auto& operation) { caller.call(ecr, name, operation); };
  const RepositoryName own{"", "gan_training"};
  const RepositoryName other{account, "team/gan_training"};
  call("GetAuthorizationToken", [](Client& client) { (void)get_authorization_token(client); });
  for (const RepositoryName& name : {own, other}) {
    call("DescribeRepositories", [&](Client& client) { (void)describe_repository(client, name); });
    call("GetDownloadUrlForLayer", [&](Client& client) { (void)get_download_url(client, name, digest); });
    for (const ImageId& id : {ImageId{.tag = "build_0_1"}, ImageId{.digest = digest}}) {
      call("DescribeImages", [&](Client& client) { (void)describe_image(client, name, id); });
      call("BatchGetImage", [&](Client& client) { (void)get_image(client, name, id); });
    }
  }
  call("CreateRepository", [](Client& client) { (void)create_repository(client, {.name = "gan_training"}); });
  call("CreateRepository", [](Client& client) {
    (void)create_repository(
        client, {.name = "team/gan", .immutable_tags = true, .scan_on_push = true, .tags = {{"team", "vision"}}});
  });
}

void call_logs(Caller& caller) {
  using namespace aws;
  const auto call = [&](const char* name, const auto& operation) { caller.call(logs, name, operation); };
  const std::string group = "/aws/sagemaker/TrainingJobs";
  const std::string stream = job + "/algo-1-1769860800";
  call("DescribeLogStreams", [&](Client& client) { (void)describe_log_streams(client, group, job + "/"); });
  call("DescribeLogStreams", [&](Client& client) { (void)describe_log_streams(client, group, job + "/", "next"); });
  call("GetLogEvents", [&](Client& client) { (void)get_log_events(client, {.group = group, .stream = stream}); });
  call("GetLogEvents", [&](Client& client) {
    (void)get_log_events(client, {.group = group, .stream = stream, .token = "f/1", .start_time = 1, .limit = 1});
  });
  call("GetLogEvents", [&](Client& client) {
    (void)get_log_events(client, {.group = group, .stream = stream, .limit = 10, .from_head = false});
  });
  call("FilterLogEvents", [&](Client& client) { (void)filter_log_events(client, {.group = group}); });
  call("FilterLogEvents", [&](Client& client) {
    (void)filter_log_events(
        client,
        {.group = group, .stream_prefix = job, .pattern = "loss", .start_time = 1, .end_time = 2, .limit = 10'000},
        "next");
  });
}

void call_quotas(Caller& caller) {
  using namespace aws;
  const auto call = [&](const char* name, const auto& operation) { caller.call(service_quotas, name, operation); };
  for (const std::string token : {"", "next"}) {
    call("ListServiceQuotas", [&](Client& client) { (void)list_service_quotas(client, "sagemaker", token); });
    call("ListAWSDefaultServiceQuotas",
         [&](Client& client) { (void)list_aws_default_service_quotas(client, "sagemaker", token); });
  }
  call("GetServiceQuota", [](Client& client) { (void)get_service_quota(client, "sagemaker", "L-12345678"); });
  call("GetAWSDefaultServiceQuota",
       [](Client& client) { (void)get_aws_default_service_quota(client, "sagemaker", "L-12345678"); });
}

void call_identity(Caller& caller) {
  using namespace aws;
  caller.call(sts, "GetCallerIdentity", [](Client& client) { (void)get_caller_identity(client); });
  caller.call(sts, "AssumeRole", [](Client& client) { (void)assume_role(client, {role_arn, "smflow"}); });
  caller.call(sts, "AssumeRole", [](Client& client) {
    (void)assume_role(client,
                      {role_arn, "smflow", "external", "900", "arn:aws:iam::" + account + ":mfa/ann", "123456"});
  });
  caller.call(sts, "AssumeRoleWithWebIdentity", [](Client& client) {
    (void)assume_role_with_web_identity(client, {role_arn, "smflow", "a.web.token"});
  });
  caller.call(sts, "AssumeRoleWithWebIdentity", [](Client& client) {
    (void)assume_role_with_web_identity(client, {role_arn, "smflow", "a.web.token", "43200"});
  });
  caller.call(iam, "GetRole", [](Client& client) { (void)get_role(client, "train"); });
  caller.call(iam, "SimulatePrincipalPolicy", [](Client& client) {
    (void)simulate_principal_policy(client, {role_arn, "iam:PassRole", role_arn, {}});
  });
  caller.call(iam, "SimulatePrincipalPolicy", [](Client& client) {
    (void)simulate_principal_policy(
        client, {role_arn, "iam:PassRole", role_arn, {{"iam:PassedToService", "sagemaker.amazonaws.com"}}});
  });
  caller.call(sso, "GetRoleCredentials",
              [](Client& client) { (void)get_role_credentials(client, account, "train", "token"); });
  caller.call(sso_oidc, "CreateToken", [](Client& client) {
    (void)create_token(client, {"client", "secret", "refresh"});
  });
  caller.call(ssm, "StartSession",
              [](Client& client) { (void)start_session(client, "sagemaker-training-job:" + job + "_algo-1"); });
  caller.call(ssm, "TerminateSession",
              [](Client& client) { (void)terminate_session(client, "ann-0123456789abcdef0"); });
}

void call_s3(Caller& caller) {
  using namespace aws;
  const auto call = [&](const char* name, const auto& operation) { caller.call(s3, name, operation); };
  const ObjectName object{"results", "exp/a b+c/ü.json"};
  const MultipartUpload upload{object, "id/+="};
  for (const bool only_new : {false, true}) {
    call("PutObject", [&](Client& client) {
      (void)put_object(client, {.object = object, .body = http::body_of("x"), .crc64nvme = 1, .only_new = only_new});
    });
    call("CompleteMultipartUpload", [&](Client& client) {
      (void)complete_multipart_upload(
          client,
          {.upload = upload, .parts = {{1, "\"a\""}, {2, "\"b\""}}, .size = 2, .crc64nvme = 1, .only_new = only_new});
    });
  }
  call("HeadObject", [&](Client& client) { (void)head_object(client, object); });
  call("GetObject", [&](Client& client) { (void)get_object(client, {.object = object}); });
  call("GetObject", [&](Client& client) {
    (void)get_object(client, {.object = object, .range = ByteRange{1, 2}, .if_match = "\"0\""});
  });
  call("HeadBucket", [](Client& client) { (void)head_bucket(client, "results"); });
  call("ListObjectsV2", [](Client& client) { (void)list_objects(client, "results", "exp/a b+c/"); });
  call("DeleteObject", [&](Client& client) { (void)delete_object(client, object); });
  call("CopyObject", [&](Client& client) { (void)copy_object(client, object, {"results", "other"}); });
  call("CreateMultipartUpload", [&](Client& client) { (void)create_multipart_upload(client, object); });
  call("UploadPart", [&](Client& client) {
    (void)upload_part(client, {.upload = upload, .number = 10'000, .body = http::body_of("x"), .crc64nvme = 1});
  });
  call("AbortMultipartUpload", [&](Client& client) { (void)abort_multipart_upload(client, upload); });
}

}  // namespace

int main() {
  Caller caller;
  call_sagemaker(caller);
  call_ecr(caller);
  call_logs(caller);
  call_quotas(caller);
  call_identity(caller);
  call_s3(caller);
}
