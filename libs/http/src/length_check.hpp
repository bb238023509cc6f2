#pragma once

#include <cstdint>
#include <optional>

#include <smflow/http/transport.hpp>

namespace smflow::http {

// How long the body of an answer has to be, by its Content-Range, else by the range that was asked for; none when
// neither says. libcurl itself holds an answer to its Content-Length, but takes one that ends with the connection for
// whole.
std::optional<std::uint64_t> promised_length(const Headers& request, const Response& response);

}  // namespace smflow::http
