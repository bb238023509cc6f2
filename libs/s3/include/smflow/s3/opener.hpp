#pragma once

#include <functional>

#include <smflow/aws/session.hpp>
#include <smflow/s3/s3_store.hpp>

namespace smflow::s3 {

// Gives the client of Amazon S3; asked when it is needed first, so that who never names S3 needs no region and no keys.
using ClientSource = std::function<Result<std::shared_ptr<aws::Client>>()>;
// Of a session, which must outlive the stores. `url`: an endpoint of the user's.
ClientSource client_of(aws::Session& session, std::string url = {});

// Opens file:// as storage::open_store and s3:// as an S3Store (E444; errors of the client source). Copies share one
// client, and the connections of each store are its own. Safe to use from several threads.
class StoreOpener {
 public:
  explicit StoreOpener(ClientSource source, StoreOptions options = {});

  Result<std::unique_ptr<storage::Store>> operator()(std::string_view uri) const;

 private:
  class SharedClient;

  std::shared_ptr<SharedClient> client_;
  StoreOptions options_;
};

}  // namespace smflow::s3
