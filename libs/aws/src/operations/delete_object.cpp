#include "operations/s3_call.hpp"

namespace smflow::aws {

Outcome<void> delete_object(Client& client, const ObjectName& object) {
  const auto answer = client.call(object_call("DeleteObject", "DELETE", object));
  if (answer || answer.error().code == "NoSuchKey") return {};
  return tl::unexpected(answer.error());
}

}  // namespace smflow::aws
