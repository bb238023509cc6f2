#include <smflow/docker/containers.hpp>
#include <smflow/docker/engine.hpp>

namespace smflow::docker {

Result<std::optional<std::string>> Engine::tar_of(const std::string& image, const std::string& path) const {
  // The command is never run: a container is the only way into an image.
  const Containers containers(*this);
  const auto id = containers.create({.name = {}, .image = image, .command = {"none"}, .network = "none"});
  if (!id) return tl::unexpected(id.error());
  std::string tar;
  const auto there = containers.copy_out(*id, path, [&](std::span<const std::byte> piece) -> Result<void> {
    tar.append(reinterpret_cast<const char*>(piece.data()), piece.size());
    return {};
  });
  if (const auto removed = containers.remove(*id); !removed) return tl::unexpected(removed.error());
  if (!there) return tl::unexpected(there.error());
  return *there ? std::optional(std::move(tar)) : std::nullopt;
}

}  // namespace smflow::docker
