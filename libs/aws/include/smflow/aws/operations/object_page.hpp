#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <smflow/aws/client.hpp>

namespace smflow::aws {

struct ObjectSummary {
  std::string key;
  std::uint64_t size = 0;
};
struct ObjectPage {
  std::vector<ObjectSummary> objects;  // in S3's order
  std::string next_token;              // empty: this was the last page
};
struct ObjectPageQuery {
  std::string bucket;
  std::string prefix;
  std::string token = {};
  int most = 1000;  // 1 to 1000
};
// One page of ListObjectsV2, for those who need not see every object.
Outcome<ObjectPage> list_objects_page(Client& client, const ObjectPageQuery& query, std::stop_token cancel = {});

}  // namespace smflow::aws
