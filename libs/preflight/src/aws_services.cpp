#include "deadline.hpp"
#include "quota_codes.hpp"

#include <smflow/aws/digest.hpp>
#include <smflow/aws/operations/s3.hpp>
#include <smflow/preflight/aws_services.hpp>

namespace smflow::preflight {

namespace {

constexpr std::uint64_t largest_config = 4u << 20;
constexpr const char* service = "sagemaker";  // as Service Quotas calls it

using ClientResult = Result<std::unique_ptr<aws::Client>>;

class AwsServices : public Services {
 public:
  AwsServices(aws::Session& session, http::Transport& transport, const ServicesOptions& options)
      : region_(session.region()),
        transport_(transport),
        sts_(session.client(aws::sts)),
        iam_(session.client(aws::iam)),
        ecr_(session.client(aws::ecr)),
        s3_(session.client(aws::s3)),
        quotas_(session.client(aws::service_quotas)),
        sagemaker_(session.client(aws::sagemaker)),
        quota_codes_(options.quota_codes),
        deadline_(options.budget) {}

  std::string region() const override { return region_; }

  aws::Outcome<aws::CallerIdentity> caller() override {
    return ask(sts_, [&](aws::Client& client) { return aws::get_caller_identity(client, deadline_.token()); });
  }
  aws::Outcome<aws::Role> role(const std::string& name) override {
    return ask(iam_, [&](aws::Client& client) { return aws::get_role(client, name, deadline_.token()); });
  }
  aws::Outcome<aws::SimulatedDecision> decision(const aws::SimulationInput& input) override {
    return ask(iam_,
               [&](aws::Client& client) { return aws::simulate_principal_policy(client, input, deadline_.token()); });
  }
  aws::Outcome<aws::ImageManifest> image(const aws::RepositoryName& repository, const aws::ImageId& image) override {
    return ask(ecr_, [&](aws::Client& client) { return aws::get_image(client, repository, image, deadline_.token()); });
  }
  aws::Outcome<std::string> image_config(const aws::RepositoryName& repository, const std::string& digest) override {
    return ask(ecr_, [&](aws::Client& client) -> aws::Outcome<std::string> {
      const auto url = aws::get_download_url(client, repository, digest, deadline_.token());
      if (!url) return tl::unexpected(url.error());
      return download(client, *url, digest);
    });
  }
  aws::Outcome<std::string> bucket_region(const std::string& bucket) override {
    return ask(s3_, [&](aws::Client& client) { return aws::head_bucket(client, bucket, deadline_.token()); });
  }
  aws::Outcome<aws::ObjectPage> objects(const aws::ObjectPageQuery& query) override {
    return ask(s3_, [&](aws::Client& client) { return aws::list_objects_page(client, query, deadline_.token()); });
  }
  aws::Outcome<std::optional<aws::Quota>> quota(const std::string& name) override {
    const std::string code = quota_codes_.find(name);
    if (code.empty()) return std::nullopt;
    auto found = ask(quotas_, [&](aws::Client& client) {
      auto own = aws::get_service_quota(client, service, code, deadline_.token());
      const bool unchanged = !own && own.error().kind == aws::AwsError::Kind::not_found;
      return unchanged ? aws::get_aws_default_service_quota(client, service, code, deadline_.token()) : own;
    });
    if (!found) return tl::unexpected(std::move(found).error());
    return found->name == name ? std::optional(*std::move(found)) : std::nullopt;
  }
  aws::Outcome<aws::QuotaPage> quotas(const std::string& token) override {
    return learned(ask(quotas_, [&](aws::Client& client) {
      return aws::list_service_quotas(client, service, token, deadline_.token());
    }));
  }
  aws::Outcome<aws::QuotaPage> default_quotas(const std::string& token) override {
    return learned(ask(quotas_, [&](aws::Client& client) {
      return aws::list_aws_default_service_quotas(client, service, token, deadline_.token());
    }));
  }
  aws::Outcome<aws::ActiveJobPage> active_jobs(const std::string& token) override {
    return ask(sagemaker_,
               [&](aws::Client& client) { return aws::search_active_jobs(client, token, deadline_.token()); });
  }

 private:
  aws::Outcome<aws::QuotaPage> learned(aws::Outcome<aws::QuotaPage> page) {
    if (page) quota_codes_.learn(*page);
    return page;
  }

  template <class Question>
  auto ask(const ClientResult& client, Question question) -> decltype(question(**client)) {
    if (client) return question(**client);
    return tl::unexpected(
        aws::AwsError{.kind = aws::AwsError::Kind::local, .message = client.error().message, .cause = client.error()});
  }

  static aws::AwsError download_error(aws::AwsError::Kind kind, std::string why, int status) {
    return {.kind = kind,
            .service = "ecr",
            .operation = "download of the image's config",
            .message = std::move(why),
            .status = status};
  }

  // The URL carries its own signature, which must not travel in the open.
  aws::Outcome<std::string> download(const aws::Client& client, const std::string& url, const std::string& digest) {
    using Kind = aws::AwsError::Kind;
    const auto endpoint = client.endpoint();
    const bool plain_endpoint = endpoint && endpoint->custom && endpoint->scheme == "http";
    if (!url.starts_with("https://") && !plain_endpoint) {
      return tl::unexpected(download_error(Kind::redirect, "its address is not https", 0));
    }
    const auto response = transport_.send({.url = url, .response_limit = largest_config, .cancel = deadline_.token()});
    if (!response) return tl::unexpected(download_error(Kind::network, response.error().message, 0));
    if (response->status != 200) {
      return tl::unexpected(download_error(Kind::service, "no config came", response->status));
    }
    if ("sha256:" + aws::sha256_digits(response->body) != digest) {
      return tl::unexpected(download_error(Kind::answer, "what came has another digest", response->status));
    }
    return response->body;
  }

  const std::string region_;
  http::Transport& transport_;
  const ClientResult sts_;
  const ClientResult iam_;
  const ClientResult ecr_;
  const ClientResult s3_;
  const ClientResult quotas_;
  const ClientResult sagemaker_;
  QuotaCodes quota_codes_;
  Deadline deadline_;
};

}  // namespace

std::unique_ptr<Services> make_aws_services(aws::Session& session, http::Transport& transport,
                                            const ServicesOptions& options) {
  return std::make_unique<AwsServices>(session, transport, options);
}

}  // namespace smflow::preflight
