#include "part_retry.hpp"

namespace smflow::s3 {

http::Verdict verdict_of_part(const aws::AwsError& error) {
  switch (error.kind) {
    case aws::AwsError::Kind::network:
    case aws::AwsError::Kind::service:
      return http::Verdict::transient;
    case aws::AwsError::Kind::throttled:
      return http::Verdict::throttled;
    default:
      return http::Verdict::fatal;
  }
}

}  // namespace smflow::s3
