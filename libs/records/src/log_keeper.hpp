#pragma once

#include "secret_scan.hpp"

#include <fstream>
#include <map>
#include <optional>
#include <string>

#include <smflow/base/files.hpp>
#include <smflow/plan/training_service.hpp>
#include <smflow/storage/store.hpp>

namespace smflow::records {

// Passes everything on, and keeps the log of each host in a file of this machine, without the secrets in it.
class LogKeeper : public plan::ForwardingObserver {
 public:
  LogKeeper(plan::JobObserver& next, SecretScan secrets) : ForwardingObserver(next), secrets_(std::move(secrets)) {}

  void on_log(std::string_view host, std::string_view line, WallTime time) override;

  // Writes logs/<host>.txt below `prefix`, each once.
  Result<void> put(storage::Store& bucket, std::string_view prefix);

 private:
  std::ofstream* file_of(std::string_view host);

  const SecretScan secrets_;
  std::optional<TemporaryDirectory> folder_;
  std::map<std::string, std::ofstream, std::less<>> files_;
  std::optional<Error> failure_;
};

}  // namespace smflow::records
