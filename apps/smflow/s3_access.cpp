#include "s3_access.hpp"

namespace smflow::cli {

engine::StoreOpener store_opener(AwsAccess&) {
  return storage::open_store;
}

}  // namespace smflow::cli
