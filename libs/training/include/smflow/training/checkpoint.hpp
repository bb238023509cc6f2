#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <smflow/training/named_tensors.hpp>

namespace smflow::training {

// How far a training has come: `batch` batches of epoch `epoch` (from 0) are done, `step` steps in all.
struct Position {
  std::int64_t step = 0;
  std::int64_t epoch = 0;
  std::int64_t batch = 0;
  bool operator==(const Position&) const = default;
};

struct RestoredCheckpoint {
  Position position;
  std::filesystem::path file;
};

// Checkpoints of one training, "checkpoint-0000001234.safetensors" with the step as number. Each is written whole or
// not at all; the newest two are kept. They hold whatever tensors they are given, the position, a checksum of all data,
// and a text that stands for the configuration.
class CheckpointFolder {
 public:
  CheckpointFolder(std::filesystem::path folder, std::string configuration)
      : folder_(std::move(folder)), configuration_(std::move(configuration)) {}

  Result<std::filesystem::path> save(const Position& position, const NamedTensors& tensors) const;

  // Copies the newest readable checkpoint into `tensors`; nothing when there is none. A damaged one is passed over,
  // with a sentence in `notes`. Errors: E335 made with another configuration; E334 other tensors.
  Result<std::optional<RestoredCheckpoint>> restore(const NamedTensors& tensors, std::vector<std::string>& notes) const;

 private:
  std::filesystem::path folder_;
  std::string configuration_;
};

}  // namespace smflow::training
