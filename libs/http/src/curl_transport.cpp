#include "exchange.hpp"
#include "handle_pool.hpp"

namespace smflow::http {

namespace {

TransportError local_failure(std::string message) {
  return {TransportError::Kind::local, std::move(message)};
}

class CurlTransport : public Transport {
 public:
  explicit CurlTransport(TransportOptions options)
      : surroundings_{std::move(options.user_agent), choose_certificates(options.ca_bundle, environment_variable)} {}

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
  return std::make_unique<CurlTransport>(std::move(options));
}

}  // namespace smflow::http
