#pragma once

#include <string>
#include <vector>

#include <smflow/aws/operations/s3.hpp>

namespace smflow::aws {

struct ObjectPage {
  std::vector<ListedObject> objects;  // in S3's order
  std::string next_token;             // empty: this was the last page
};
struct ObjectPageQuery {
  std::string bucket;
  std::string prefix;
  std::string token = {};
  int most = 1000;  // 1 to 1000
};
// One page of ListObjectsV2, for those who need not see every object. A page that is not the last and does not say how
// to go on is Kind::answer.
Outcome<ObjectPage> list_objects_page(Client& client, const ObjectPageQuery& query, std::stop_token cancel = {});

}  // namespace smflow::aws
