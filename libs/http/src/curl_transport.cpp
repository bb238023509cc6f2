#include "exchange.hpp"
#include "handle_pool.hpp"

#include <smflow/http/unix_socket.hpp>

namespace smflow::http {

namespace {

TransportError local_failure(std::string message) {
  return {TransportError::Kind::local, std::move(message)};
}

class CurlTransport : public Transport {
 public:
  explicit CurlTransport(Surroundings surroundings) : surroundings_(std::move(surroundings)) {}

  tl::expected<Response, TransportError> send(const Request& request) override {
    const auto route = route_of(request.url);
    if (!route) return tl::unexpected(local_failure("the request's url is not a complete http or https url"));
    auto handle = pool_.take(route->origin);
    if (!handle) return tl::unexpected(local_failure("cannot set up libcurl for '" + route->host + "'"));
    Exchange exchange(*handle, surroundings_, request, *route);
    auto response = exchange.run();
    // After a failure libcurl's handle may keep a half-done rewind or its low-speed clock: it is not used again.
    if (exchange.handle_is_clean()) pool_.put_back(std::move(handle));
    return response;
  }

 private:
  Surroundings surroundings_;
  HandlePool pool_;
};

}  // namespace

std::unique_ptr<Transport> make_transport(TransportOptions options) {
  return std::make_unique<CurlTransport>(
      Surroundings{std::move(options.user_agent), choose_certificates(options.ca_bundle, environment_variable), ""});
}

std::unique_ptr<Transport> make_unix_transport(std::string socket, std::string user_agent) {
  return std::make_unique<CurlTransport>(Surroundings{std::move(user_agent), {}, std::move(socket)});
}

}  // namespace smflow::http
