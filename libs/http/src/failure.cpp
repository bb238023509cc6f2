#include "failure.hpp"

#include <cctype>

#include <netdb.h>

#include <smflow/base/text.hpp>

namespace smflow::http {

using Kind = TransportError::Kind;

namespace {

std::string lower_first(std::string text) {
  if (!text.empty()) text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
  return printable(text);
}

// libcurl reports NXDOMAIN and a silent name server alike. Asking once more is cheap, except when the first time was
// not: then nobody answered.
Kind ask_resolver(const CurlFailure& failure) {
  if (failure.lookup_was_slow) return Kind::resolve_later;
  addrinfo* found = nullptr;
  const int code = ::getaddrinfo(failure.host.substr(0, failure.host.rfind(':')).c_str(), nullptr, nullptr, &found);
  if (code == 0) ::freeaddrinfo(found);
  return resolver_kind(code);
}

TransportError unresolved(const CurlFailure& failure) {
  const Kind kind = ask_resolver(failure);
  const char* why = kind == Kind::resolve ? "the host name is unknown" : "the name server did not answer";
  return {kind, "cannot find '" + failure.host + "': " + why};
}

// During a handshake: the peer went away, which says nothing about its certificate.
bool handshake_was_cut(const std::string& reason) {
  return reason.starts_with("OpenSSL SSL_connect") || reason.find("unexpected eof") != std::string::npos ||
         reason.find("reset by peer") != std::string::npos;
}

TransportError insecure(const CurlFailure& failure) {
  const Kind kind =
      failure.code == CURLE_SSL_CONNECT_ERROR && handshake_was_cut(failure.reason) ? Kind::broken : Kind::tls;
  return {kind, "no secure connection to '" + failure.host + "': " + lower_first(failure.reason)};
}

TransportError unconnected(const CurlFailure& failure, const std::string& otherwise) {
  const std::string why = failure.os_error == 0 ? otherwise : system_error_text(failure.os_error);
  return {Kind::connect, "cannot connect to '" + failure.host + "': " + why};
}

TransportError timed_out(const CurlFailure& failure) {
  if (!failure.connected) return {Kind::connect, "cannot connect to '" + failure.host + "': no answer in time"};
  return {Kind::stalled, "the exchange with '" + failure.host + "' went too slowly or took too long"};
}

TransportError broken(const CurlFailure& failure) {
  if (failure.proxy_status != 0) {
    return {Kind::connect,
            "the proxy refused a way to '" + failure.host + "' with status " + std::to_string(failure.proxy_status)};
  }
  const bool idle_was_closed = failure.on_reused && !failure.answer_begun;
  const std::string why = idle_was_closed ? "an idle connection had been closed" : lower_first(failure.reason);
  return {idle_was_closed ? Kind::connection_reused : Kind::broken,
          "the connection to '" + failure.host + "' broke: " + why};
}

}  // namespace

Kind resolver_kind(int getaddrinfo_code) {
  switch (getaddrinfo_code) {
    case EAI_NONAME:
    case EAI_NODATA:
    case EAI_ADDRFAMILY:
      return Kind::resolve;
    default:
      return Kind::resolve_later;
  }
}

TransportError to_transport_error(const CurlFailure& failure) {
  switch (failure.code) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return unresolved(failure);
    case CURLE_COULDNT_RESOLVE_PROXY:
      return {Kind::resolve, "cannot find the proxy on the way to '" + failure.host + "'"};
    case CURLE_COULDNT_CONNECT:
    case CURLE_INTERFACE_FAILED:
    case CURLE_PROXY:
      return unconnected(failure, lower_first(failure.reason));
    case CURLE_OPERATION_TIMEDOUT:
      return timed_out(failure);
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_CRL_BADFILE:
    case CURLE_SSL_ENGINE_INITFAILED:
      return insecure(failure);
    case CURLE_URL_MALFORMAT:
    case CURLE_FAILED_INIT:
    case CURLE_BAD_FUNCTION_ARGUMENT:
    case CURLE_UNKNOWN_OPTION:
      return {Kind::local, "the request to '" + failure.host + "' cannot be made: " + lower_first(failure.reason)};
    default:
      // Also CURLE_OUT_OF_MEMORY, which is what libcurl makes of an endless header.
      return broken(failure);
  }
}

}  // namespace smflow::http
