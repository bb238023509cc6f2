#include <smflow/sagemaker/pace.hpp>

namespace smflow::sagemaker {

void Pace::wait_for_turn() {
  constexpr std::chrono::milliseconds gap{200};
  const SteadyTime now = clock_.steady_now();
  if (now < next_) sleep_(std::chrono::ceil<std::chrono::milliseconds>(next_ - now), cancel_);
  next_ = clock_.steady_now() + gap;
}

}  // namespace smflow::sagemaker
