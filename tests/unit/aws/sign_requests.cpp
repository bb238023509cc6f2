// Signs the requests of stdin, one JSON object a line, and writes for each the URL and the headers as one line of JSON.
// compare_signatures.py holds them against botocore's.
#include <iostream>

#include <smflow/aws/sigv4.hpp>
#include <smflow/base/json.hpp>

int main() {
  using namespace smflow;
  aws::SigningKeys keys;
  for (std::string line; std::getline(std::cin, line);) {
    const Json in = parse_json(line, "request").value();
    aws::SignableRequest request{.method = in["method"],
                                 .scheme = in["scheme"],
                                 .authority = in["authority"],
                                 .path = in["path"],
                                 .payload_hash = in["payload_hash"]};
    for (const Json& pair : in["query"]) request.query.emplace_back(pair[0], pair[1]);
    for (const Json& pair : in["headers"]) request.headers.push_back({pair[0], pair[1]});
    const aws::Credentials credentials{in["key"], in["secret"], in["token"]};
    const aws::SigningScope scope{in["region"], in["service"]};
    const WallTime time{std::chrono::seconds{in["time"].get<std::int64_t>()}};
    Json out;
    if (in["presign"] == true) {
      out["url"] = presign(request, credentials, scope, time, std::chrono::seconds{900}, keys);
    } else {
      const auto result = sign(request, credentials, scope, time, keys);
      out["url"] = result.url;
      for (const http::Header& header : result.headers) out["headers"].push_back({header.name, header.value});
    }
    std::cout << out.dump() << "\n";
  }
}
