#include "network_program.hpp"
#include "results_access.hpp"

namespace smflow::cli {

int with_results(Session& session, const PlaceOptions& options, const std::function<int(Results&)>& work) {
  const std::string uri = results_uri(options);
  if (!storage::is_file_uri(uri)) return become_network_program(session);
  Results results(session, uri, storage::open_store);
  return work(results);
}

}  // namespace smflow::cli
