#include "s3_access.hpp"

#include <smflow/s3/opener.hpp>

namespace smflow::cli {

engine::StoreOpener store_opener(AwsAccess& access, const std::string& url) {
  return s3::StoreOpener(s3::client_of(access.session(), url));
}

}  // namespace smflow::cli
