#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

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
Error full_disk(const std::string& why);

// Of the engine, of the registry behind it, of a program in a step: only words tell such failures apart.
bool says_any_of(const std::string& text, std::initializer_list<std::string_view> signs);
bool says_full_disk(const std::string& text);

// Why no answer came.
Error as_error(const http::TransportError& error, const EngineAddress& address);
// An answer that is no success: {"message": "..."}.
Error as_error(const http::Response& response);

}  // namespace smflow::docker
