#pragma once

#include <string>

#include <smflow/base/error.hpp>
#include <smflow/docker/engine_address.hpp>
#include <smflow/http/transport.hpp>

namespace smflow::docker {

// Errors of the engine, written once.
Error no_engine(const std::string& why);
Error no_permission(const std::string& socket);
Error refused(const std::string& message, ExitCode exit = ExitCode::machine);
Error not_understood(const std::string& what);
Error no_image(const std::string& name, const std::string& why);

// Why no answer came.
Error as_error(const http::TransportError& error, const EngineAddress& address);
// An answer that is no success: {"message": "..."}.
Error as_error(const http::Response& response);

}  // namespace smflow::docker
