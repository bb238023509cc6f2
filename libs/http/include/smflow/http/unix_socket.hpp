#pragma once

#include <smflow/http/transport.hpp>

namespace smflow::http {

// A transport whose every connection goes to the Unix socket at the path `socket`, whatever host the URL names, and
// never by a proxy.
std::unique_ptr<Transport> make_unix_transport(std::string socket, std::string user_agent);

}  // namespace smflow::http
