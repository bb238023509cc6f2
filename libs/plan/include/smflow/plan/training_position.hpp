#pragma once

#include <optional>
#include <string_view>

namespace smflow::plan {

// How far a training has come, as its log says it: "[3/10][40/122] Loss_D: ...".
struct TrainingPosition {
  int epoch = 0;
  int epochs = 1;
  int batch = 0;
  int batches = 1;
};

// None when the line does not begin like that.
std::optional<TrainingPosition> training_position(std::string_view line);

}  // namespace smflow::plan
