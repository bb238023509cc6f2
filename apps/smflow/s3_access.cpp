#include "s3_access.hpp"

#include <smflow/s3/opener.hpp>

namespace smflow::cli {

engine::StoreOpener store_opener(AwsAccess& access, const std::string& url, s3::StoreOptions options) {
  // Who has all on this machine may have no way to AWS, and needs none.
  const auto client = [&access, url]() -> Result<std::shared_ptr<aws::Client>> {
    try {
      return s3::client_of(access.session(), url)();
    } catch (const CommandFailure& failure) {
      return tl::unexpected(failure.errors().front());
    }
  };
  return s3::StoreOpener(client, std::move(options));
}

}  // namespace smflow::cli
