#include "s3_access.hpp"

#include <smflow/s3/opener.hpp>

namespace smflow::cli {

engine::StoreOpener store_opener(AwsAccess& access, const std::string& url, std::stop_token stop) {
  return s3::StoreOpener(s3::client_of(access.session(), url), {.stop = std::move(stop)});
}

}  // namespace smflow::cli
