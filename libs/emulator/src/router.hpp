#pragma once

#include "exchange.hpp"
#include "logs_api.hpp"
#include "training_api.hpp"

#include <functional>

#include <smflow/base/random.hpp>

namespace smflow::emulator {

using Forward = std::function<HttpAnswer(const HttpRequest&)>;

// Decides by X-Amz-Target and the credential scope whose call it is. Training jobs and logs are answered here; without
// `forward` also sts:GetCallerIdentity; everything else is forwarded, or refused. Requests of web pages are refused:
// a Host that is not this machine's loopback name, or an Origin.
class Router {
 public:
  Router(TrainingApi& training, const LogsApi& logs, Forward forward)
      : training_(training), logs_(logs), forward_(std::move(forward)) {}
  HttpAnswer answer(const HttpRequest& request);

 private:
  HttpAnswer route(const HttpRequest& request);
  HttpAnswer json_call(const HttpRequest& request, const std::string& service, const std::string& operation);
  HttpAnswer elsewhere(const HttpRequest& request) const;

  TrainingApi& training_;
  const LogsApi& logs_;
  Forward forward_;
};

// Region and service in the credential scope of an Authorization header; empty when there is none.
struct Scope {
  std::string region;
  std::string service;
};
Scope credential_scope(const std::string& authorization);

}  // namespace smflow::emulator
