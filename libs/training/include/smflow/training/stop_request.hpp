#pragma once

namespace smflow::training {

// Turns the first SIGTERM or SIGINT into a flag that the training loop asks between two steps, so that it can save and
// leave. The second one ends the process as it always would. One at a time; the destructor restores what was before.
class StopRequest {
 public:
  StopRequest();
  ~StopRequest();
  StopRequest(const StopRequest&) = delete;
  StopRequest& operator=(const StopRequest&) = delete;

  bool requested() const { return signal() != 0; }
  int signal() const;  // 0 while none came
};

}  // namespace smflow::training
