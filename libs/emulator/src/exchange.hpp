#pragma once

#include "body.hpp"

#include <string>
#include <vector>

namespace smflow::emulator {

// One HTTP exchange, without the library that carries it.
struct HttpHeader {
  std::string name;
  std::string value;
};

struct HttpRequest {
  std::string method;
  std::string target;  // path and query as sent
  std::vector<HttpHeader> headers;
  Body body;

  // The first header of this name in any case; "" when there is none.
  std::string header(const std::string& name) const;
};

struct HttpAnswer {
  int status = 200;
  std::string content_type = "application/x-amz-json-1.1";
  Body body = {};
  std::vector<HttpHeader> headers = {};
};

}  // namespace smflow::emulator
