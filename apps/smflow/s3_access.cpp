#include "s3_access.hpp"

namespace smflow::cli {

engine::StoreOpener store_opener(AwsAccess&, const std::string&) {
  return storage::open_store;
}

}  // namespace smflow::cli
