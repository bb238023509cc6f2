#include <smflow/aws/timestamp.hpp>

namespace smflow::aws {

std::string format_amz_date(WallTime time) {
  std::string text = format_compact_utc(time);
  text[8] = 'T';
  return text + 'Z';
}

}  // namespace smflow::aws
