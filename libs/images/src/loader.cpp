#include "loader_checks.hpp"
#include "loader_engine.hpp"

#include <system_error>

#include <smflow/images/loader.hpp>

namespace smflow::images {

Result<std::unique_ptr<BatchLoader>> BatchLoader::create(ImageFolder folder, LoaderOptions options) {
  if (auto checked = check(folder, options); !checked) return tl::unexpected(std::move(checked).error());
  try {
    auto engine = std::make_unique<Engine>(std::move(folder), std::move(options));
    engine->start();
    return std::unique_ptr<BatchLoader>(new BatchLoader(std::move(engine)));
  } catch (const std::bad_alloc&) {
    return tl::unexpected(cannot_load(options, "not enough memory"));
  } catch (const std::system_error& error) {
    return tl::unexpected(cannot_load(options, system_error_text(error.code().value())));
  }
}

BatchLoader::BatchLoader(std::unique_ptr<Engine> engine) : engine_(std::move(engine)) {}
BatchLoader::~BatchLoader() = default;

std::int64_t BatchLoader::batches_per_epoch() const {
  return engine_->batches();
}
void BatchLoader::start_epoch(std::uint64_t epoch, std::int64_t first_batch) {
  engine_->start_epoch(epoch, first_batch);
}
Result<const Batch*> BatchLoader::next() {
  return engine_->next();
}
const ImageFolder& BatchLoader::folder() const {
  return engine_->folder();
}
const std::vector<UnreadableImage>& BatchLoader::unreadable() const {
  return engine_->unreadable();
}
LoaderCounters BatchLoader::counters() const {
  return engine_->counters();
}
std::string BatchLoader::cache_note() const {
  return engine_->cache_note();
}

}  // namespace smflow::images
