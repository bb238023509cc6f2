#pragma once

#include "session.hpp"

#include <functional>
#include <memory>
#include <string>

#include <smflow/engine/process_engine.hpp>
#include <smflow/records/run_index.hpp>

namespace smflow::cli {

// Where the runs are: on every command that reads them.
struct PlaceOptions {
  std::string bucket;
  std::string config;
};
void add_place_options(CLI::App& command, PlaceOptions& options);

// "file:///absolute/folder" or "s3://name". What --bucket names, else SMFLOW_BUCKET, else the results bucket of
// --config or of configs/sagemaker_config.yaml, else the folder runs.
std::string results_uri(const PlaceOptions& options);

// What only the network can tell; each may be empty.
struct NetworkQuestions {
  // Asks the service about jobs that have no outcome yet; true when one has one now.
  std::function<bool(storage::Store& bucket, const std::vector<const records::RunSummary*>& runs)> complete = {};
  // "sha256:..." of a job's image now: the digest that the registry has, or for a job in containers the id that this
  // machine's engine has, which may have to get the image first.
  std::function<std::string(const plan::JobPlan& job)> image_digest = {};
};

// The runs of one bucket. Every failure is a CommandFailure.
class Results {
 public:
  Results(Session& session, std::string uri, engine::StoreOpener open_store, NetworkQuestions network = {});

  storage::Store& bucket() { return *bucket_; }
  const std::string& uri() const { return uri_; }
  const engine::StoreOpener& open_store() const { return open_store_; }
  const NetworkQuestions& network() const { return network_; }
  // Asks the bucket, once.
  const records::RunIndex& index();
  const records::RunSummary& find(const std::string& name);
  records::Run read(const std::string& name);

 private:
  records::RunIndex open_index();

  Session& session_;
  const std::string uri_;
  const engine::StoreOpener open_store_;
  const NetworkQuestions network_;
  const std::unique_ptr<storage::Store> bucket_;
  std::optional<records::RunIndex> index_;
};

std::filesystem::path index_cache_folder();

// Calls `work` with the bucket of `options`. In smflow: becomes smflow-network for a bucket on S3.
int with_results(Session& session, const PlaceOptions& options, const std::function<int(Results&)>& work);

}  // namespace smflow::cli
