#include <smflow/http/retry.hpp>

namespace smflow::http {

Verdict verdict_of(const TransportError& error, bool idempotent) {
  using Kind = TransportError::Kind;
  switch (error.kind) {
    case Kind::resolve_later:
    case Kind::connect:
      return Verdict::transient;
    case Kind::connection_reused:
      return idempotent ? Verdict::at_once : Verdict::fatal;
    case Kind::broken:
    case Kind::stalled:
      return idempotent ? Verdict::transient : Verdict::fatal;
    case Kind::resolve:
    case Kind::tls:
    case Kind::too_large:
    case Kind::cancelled:
    case Kind::local:
      break;
  }
  return Verdict::fatal;
}

Verdict verdict_of_status(int status) {
  switch (status) {
    case 429:
      return Verdict::throttled;
    case 500:
    case 502:
    case 503:
    case 504:
      return Verdict::transient;
    default:
      return status < 400 ? Verdict::ok : Verdict::fatal;
  }
}

}  // namespace smflow::http
