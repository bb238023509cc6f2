#pragma once

#include <filesystem>
#include <string>
#include <vector>

// The jobs that run on this machine, as another command finds them: by the folders that their launchers hold.
namespace smflow::engine {

struct RunningHost {
  std::string name;              // "algo-1"
  std::filesystem::path folder;  // of the host, in the job's
};

struct RunningJob {
  std::string name;
  std::filesystem::path folder;
  std::vector<RunningHost> hosts;   // in the order of their numbers
  std::filesystem::path code = {};  // the folder of this machine that the user gave for /opt/ml/code; may be empty
};

// Oldest first.
std::vector<RunningJob> running_jobs(const std::filesystem::path& work_directory);

// Where the console of the host's program is joined, when it has one (smflow/console/client.hpp).
std::filesystem::path console_folder(const RunningHost& host);

// The core of a program that has crashed, as its job left it.
struct KeptCore {
  std::string job;
  std::string host;
  std::filesystem::path folder;  // with the files of smflow/contract/debugging.hpp
};

// Oldest first. The cores of the five newest jobs that had one are kept.
std::vector<KeptCore> kept_cores(const std::filesystem::path& work_directory);

}  // namespace smflow::engine
