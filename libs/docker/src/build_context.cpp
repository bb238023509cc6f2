#include <smflow/base/files.hpp>
#include <smflow/base/text.hpp>
#include <smflow/docker/build_context.hpp>
#include <smflow/docker/ignore_rules.hpp>

namespace smflow::docker {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t longest_ignore_file = 1u << 20;

class TarBody : public http::BodySource {
 public:
  explicit TarBody(storage::TarStream tar) : tar_(std::move(tar)) {}
  std::uint64_t size() const override { return tar_.size(); }
  Result<void> read(std::uint64_t offset, std::span<std::byte> out) const override { return tar_.read(offset, out); }

 private:
  storage::TarStream tar_;
};

Error no_dockerfile(const fs::path& dockerfile, const fs::path& folder) {
  return {.code = "E360",
          .exit = ExitCode::usage,
          .message =
              "'" + printable(dockerfile.string()) + "' is not a file inside of '" + printable(folder.string()) + "'",
          .fix = "name a Dockerfile of the folder that is built from, or another folder with --context"};
}

Result<std::string> path_inside(const fs::path& folder, const fs::path& dockerfile) {
  std::error_code ignored;
  const fs::path inside =
      fs::weakly_canonical(dockerfile, ignored).lexically_relative(fs::weakly_canonical(folder, ignored));
  const bool is_inside = fs::is_regular_file(dockerfile, ignored) && is_safe_relative_path(inside.string());
  if (!is_inside) return tl::unexpected(no_dockerfile(dockerfile, folder));
  return inside.string();
}

Result<IgnoreRules> rules_of(const fs::path& folder, const std::string& dockerfile) {
  for (const fs::path& file : {folder / (dockerfile + ".dockerignore"), folder / ".dockerignore"}) {
    if (!fs::exists(file)) continue;
    const auto text = read_file(file, longest_ignore_file);
    if (!text) return tl::unexpected(text.error());
    return IgnoreRules::parse(*text, file.string());
  }
  return IgnoreRules{};
}

}  // namespace

std::shared_ptr<const http::BodySource> body_of(storage::TarStream tar) {
  return std::make_shared<TarBody>(std::move(tar));
}

Result<BuildContext> read_context(const fs::path& folder, const fs::path& dockerfile) {
  const auto inside = path_inside(folder, dockerfile);
  if (!inside) return tl::unexpected(inside.error());
  const auto rules = rules_of(folder, *inside);
  if (!rules) return tl::unexpected(rules.error());
  const storage::TarSelection selection = {
      .wants = [&](std::string_view path) { return path == *inside || !rules->ignores(path); },
      .enters =
          [&](std::string_view path) {
            return rules->has_exceptions() || inside->starts_with(std::string(path) + "/");
          }};
  auto tar = storage::TarStream::plan(folder, selection);
  if (!tar) return tl::unexpected(std::move(tar).error());
  BuildContext context{.tar = nullptr, .dockerfile = *inside, .paths = tar->paths(), .left_out = tar->left_out()};
  context.tar = body_of(*std::move(tar));
  return context;
}

}  // namespace smflow::docker
