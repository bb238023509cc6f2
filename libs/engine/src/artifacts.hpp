#pragma once

#include "host_log.hpp"

#include <string>
#include <vector>

#include <smflow/base/error.hpp>
#include <smflow/engine/job_folder.hpp>
#include <smflow/storage/archive.hpp>
#include <smflow/storage/store.hpp>

namespace smflow::engine {

// Where a job's artifacts land below its output URI.
std::string artifact_key(const std::string& job_name, const std::string& name);

// E140 when a job of this name has left artifacts in the store already: nothing is overwritten.
Result<void> check_name_is_free(storage::Store& store, const std::string& job_name);

// Puts one folder of every host, merged, into the store as <job>/output/<name>: "model.tar.gz" is packed, "model/" are
// the files one by one, links as what they point to. The URI; empty when no host left anything. When two hosts left
// files of one name, each host's folder is kept as model-<host>.tar.gz or model-<host>/, and the result is the error.
Result<std::string> store_artifact(storage::Store& store, const JobFolder& folder, const std::string& job_name,
                                   const std::string& name, const std::vector<storage::ArchiveSource>& sources);

// Puts the log under logs/<host>.txt of the job's record; logs/<host>.2.txt and so on when the job has run before.
Result<void> store_log(storage::Store& record, const HostLog& log);

}  // namespace smflow::engine
