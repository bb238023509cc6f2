#include <iterator>

#include <smflow/aws/operations/object_page.hpp>
#include <smflow/aws/protocol.hpp>

namespace smflow::aws {

Outcome<std::vector<ListedObject>> list_objects(Client& client, const std::string& bucket, const std::string& prefix,
                                                std::stop_token cancel) {
  std::vector<ListedObject> objects;
  std::string token;
  do {
    auto page = list_objects_page(client, {.bucket = bucket, .prefix = prefix, .token = token}, cancel);
    if (!page) return tl::unexpected(std::move(page).error());
    if (!token.empty() && page->next_token == token) {
      return tl::unexpected(bad_answer(client, "ListObjectsV2", {}, "the listing goes round in a circle"));
    }
    objects.insert(objects.end(), std::make_move_iterator(page->objects.begin()),
                   std::make_move_iterator(page->objects.end()));
    token = std::move(page->next_token);
  } while (!token.empty());
  return objects;
}

}  // namespace smflow::aws
