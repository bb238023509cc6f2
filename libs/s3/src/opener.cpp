#include <mutex>

#include <smflow/aws/service.hpp>
#include <smflow/s3/opener.hpp>

namespace smflow::s3 {

class StoreOpener::SharedClient {
 public:
  explicit SharedClient(ClientSource source) : source_(std::move(source)) {}

  Result<std::shared_ptr<aws::Client>> get() {
    const std::lock_guard lock(mutex_);
    if (client_) return client_;
    auto made = source_();
    if (made) client_ = *made;
    return made;
  }

 private:
  std::mutex mutex_;
  const ClientSource source_;
  std::shared_ptr<aws::Client> client_;
};

ClientSource client_of(aws::Session& session, std::string url) {
  return [&session, url = std::move(url)]() -> Result<std::shared_ptr<aws::Client>> {
    auto client = session.client(aws::s3, url);
    if (!client) return tl::unexpected(std::move(client).error());
    return std::shared_ptr<aws::Client>(*std::move(client));
  };
}

StoreOpener::StoreOpener(ClientSource source, StoreOptions options)
    : client_(std::make_shared<SharedClient>(std::move(source))), options_(std::move(options)) {}

Result<std::unique_ptr<storage::Store>> StoreOpener::operator()(std::string_view uri) const {
  if (!is_s3_uri(uri)) return storage::open_store(uri);
  auto place = parse_s3_uri(uri);
  if (!place) return tl::unexpected(std::move(place).error());
  auto client = client_->get();
  if (!client) return tl::unexpected(std::move(client).error());
  return std::make_unique<S3Store>(*std::move(client), *std::move(place), options_);
}

}  // namespace smflow::s3
