#include "build_options.hpp"
#include "build_view.hpp"
#include "deep_learning_containers.hpp"
#include "image_registry.hpp"
#include "image_schema.hpp"
#include "interrupts.hpp"
#include "session.hpp"
#include "source_revision.hpp"

#include <algorithm>
#include <charconv>

#include <CLI/CLI.hpp>

#include <smflow/base/clock.hpp>
#include <smflow/base/files.hpp>
#include <smflow/base/json.hpp>
#include <smflow/base/text.hpp>
#include <smflow/contract/contract.hpp>
#include <smflow/docker/build_context.hpp>
#include <smflow/docker/dockerfile.hpp>
#include <smflow/docker/names.hpp>

namespace smflow::cli {

namespace {

std::map<std::string, std::string> build_arguments(const BuildOptions& options) {
  std::map<std::string, std::string> arguments = pairs_of(options.arguments, "--build-arg");
  if (!options.base_image.empty()) arguments["BASE_IMAGE"] = options.base_image;
  return arguments;
}

// Nothing that differs between two builds of one commit: its time, or SOURCE_DATE_EPOCH (reproducible-builds.org).
std::map<std::string, std::string> labels(const SourceRevision& revision) {
  std::map<std::string, std::string> labels = {{"smflow.version", SMFLOW_VERSION}};
  if (!revision.commit.empty()) {
    labels["org.opencontainers.image.revision"] = revision.commit;
    labels["org.opencontainers.image.created"] = format_utc(revision.committed);
    labels["smflow.dirty"] = revision.dirty ? "true" : "false";
  }
  const std::string epoch = environment_variable("SOURCE_DATE_EPOCH").value_or("");
  std::int64_t seconds = 0;
  const auto read = std::from_chars(epoch.data(), epoch.data() + epoch.size(), seconds);
  if (!epoch.empty() && read.ec == std::errc() && read.ptr == epoch.data() + epoch.size()) {
    labels["org.opencontainers.image.created"] = format_utc(WallTime(std::chrono::seconds(seconds)));
  }
  return labels;
}

// The way to AWS, made only when the image goes there.
class ImagePlaces {
 public:
  explicit ImagePlaces(const BuildOptions& options) : options_(options) {}

  // None with --local.
  std::unique_ptr<ImageRegistry> target() {
    if (options_.local) return nullptr;
    if (options_.registry.empty()) {
      return ecr_registry(access(options_.aws.region), options_.account, options_.image, repository());
    }
    const std::string region = ecr_region(options_.registry);
    if (region.empty()) return plain_registry(options_.registry, options_.image);
    return ecr_registry(access(region), options_.registry.substr(0, 12), options_.image, repository());
  }

  // That the image is for; empty: nobody names one.
  std::string region() {
    const std::string target = ecr_region(options_.registry);
    return target.empty() ? access(options_.aws.region).session().region() : target;
  }

 private:
  RepositoryOptions repository() const {
    return {.immutable_tags = options_.immutable_tags, .tags = pairs_of(options_.repository_tags, "--repository-tag")};
  }

  AwsAccess& access(const std::string& region) {
    auto& access = accesses_[region];
    if (!access) access = std::make_unique<AwsAccess>(AwsOptions{.profile = options_.aws.profile, .region = region});
    return *access;
  }

  const BuildOptions& options_;
  std::map<std::string, std::unique_ptr<AwsAccess>> accesses_;
};

constexpr const char* platform_of_sagemaker = "linux/amd64";

// An engine of SageMaker's kind is not asked for what it does anyway.
std::string platform_for(const BuildOptions& options, const docker::EngineVersion& engine) {
  if (!options.platform.empty()) return options.platform;
  return engine.architecture == "amd64" || engine.architecture == "x86_64" ? "" : platform_of_sagemaker;
}

// As the docker command chooses.
bool by_buildkit(const docker::EngineVersion& engine) {
  const std::string said = environment_variable("DOCKER_BUILDKIT").value_or("");
  return said.empty() ? engine.buildkit : said != "0" && said != "false";
}

// The images to build on. One that is AWS's and that nobody has chosen comes from the region the image is for.
std::vector<std::string> choose_bases(const std::string& dockerfile, std::map<std::string, std::string>& arguments,
                                      ImagePlaces& places) {
  std::vector<std::string> bases = docker::base_images(dockerfile, arguments);
  if (arguments.contains("BASE_IMAGE")) return bases;
  for (const std::string& base : bases) {
    if (ecr_region(docker::registry_of(base)).empty()) continue;
    const std::string there = deep_learning_container_in(base, places.region());
    if (there == base) continue;
    auto with_base = arguments;
    with_base["BASE_IMAGE"] = there;
    std::vector<std::string> others = docker::base_images(dockerfile, with_base);
    if (std::ranges::find(others, there) == others.end()) break;
    arguments = std::move(with_base);
    return others;
  }
  return bases;
}

std::string platform_of(const docker::ImageInfo& image) {
  return image.os + "/" + image.architecture;
}

// `here`: the one of that name that this machine has, for another platform.
Error no_base(Error error, const std::optional<docker::ImageInfo>& here, const std::string& platform) {
  if (error.code != "E364") return error;
  error.code = "E357";
  error.fix = "name another with --base-image, or sign in to its registry";
  if (here) {
    error.message = "for " + platform + " " + error.message + "; the one here is for " + printable(platform_of(*here));
  }
  return error;
}

void fetch_bases(const docker::Engine& engine, const std::vector<std::string>& bases, const std::string& platform,
                 const std::string& profile, Screen& screen, std::stop_token cancel) {
  BuildView view(screen);
  for (const std::string& base : bases) {
    const auto here = value_or_throw(engine.inspect_image(base));
    if (here && (platform.empty() || platform_of(*here) == platform)) continue;
    screen.line("fetching " + printable(base));
    auto pulled = engine.pull_image(
        base, registry_login(docker::registry_of(base), profile),
        [&](const docker::Progress& progress) { view.show(progress); }, cancel, platform);
    screen.clear_live();
    if (!pulled) throw CommandFailure(no_base(std::move(pulled).error(), here, platform));
  }
}

struct Built {
  std::string image_id;
  std::string image = {};   // the name that others use
  std::string digest = {};  // of what was pushed
  std::map<std::string, std::string> labels = {};
};

OrderedJson as_json(const Built& built) {
  return {{"schema", "smflow.build/1"},
          {"image", built.image},
          {"image_id", built.image_id},
          {"digest", built.digest.empty() ? OrderedJson() : OrderedJson(built.digest)},
          {"labels", built.labels}};
}

OrderedJson plan_as_json(const std::string& image, const docker::BuildContext& context,
                         const std::vector<std::string>& bases, const docker::BuildRequest& request) {
  return {{"schema", "smflow.build/1"},
          {"dry_run", true},
          {"image", image},
          {"dockerfile", context.dockerfile},
          {"context", {{"files", context.paths.size()}, {"bytes", context.tar->size()}}},
          {"base_images", bases},
          {"platform", request.platform},
          {"labels", request.labels}};
}

void print(const Session& session, const OrderedJson& result) {
  std::fprintf(session.out, "%s\n", result.dump(-1, ' ', false, OrderedJson::error_handler_t::replace).c_str());
}

Built make_image(const docker::Engine& engine, const docker::BuildRequest& request, Screen& screen,
                 std::stop_token cancel) {
  BuildView view(screen);
  std::string id = value_or_throw(engine.build_image(
      request, [&](const docker::Progress& progress) { view.show(progress); }, std::move(cancel)));
  screen.clear_live();
  if (const std::string schema = schema_of_image(engine, id); !schema.empty()) {
    id = add_label(engine, id, request, contract::config_schema_label, schema);
  }
  const auto image = value_or_throw(engine.inspect_image(id));
  return {.image_id = id, .labels = image ? image->labels : std::map<std::string, std::string>()};
}

std::string push(const docker::Engine& engine, const BuildOptions& options, ImageRegistry& target, Screen& screen,
                 std::stop_token cancel) {
  BuildView view(screen);
  const docker::RegistryAuth login = target.prepare();
  screen.line("pushing " + target.repository() + ":" + options.tag);
  value_or_throw(engine.tag_image(options.local_name(), target.repository(), options.tag));
  const std::string digest = value_or_throw(engine.push_image(
      target.repository(), options.tag, login, [&](const docker::Progress& progress) { view.show(progress); }, cancel));
  target.verify(options.tag, digest);
  screen.clear_live();
  return digest;
}

docker::BuildContext context_of(const BuildOptions& options, Screen& screen) {
  docker::BuildContext context = value_or_throw(docker::read_context(options.context, options.dockerfile_path()));
  for (const std::string& path : context.left_out) screen.line("left out, as it is no file: " + printable(path));
  screen.line("context of " + counted(context.paths.size(), "file") + ", " +
              format_bytes(static_cast<double>(context.tar->size())));
  return context;
}

void tell_ignored(const std::vector<std::string>& paths, Screen& screen) {
  if (paths.empty()) return;
  screen.line("git ignores " + counted(paths.size(), "file") + " of it, like " + printable(paths.front()) +
              ": the commit alone does not make this image, and smflow.dirty is true");
}

int build(Session& session, const BuildOptions& options) {
  check_build_options(options);
  std::stop_source stop;
  Interrupts interrupts([&](int, int) { stop.request_stop(); });
  Screen screen = session.screen();
  docker::BuildRequest request{.tags = {options.local_name()}, .arguments = build_arguments(options)};
  const docker::BuildContext context = context_of(options, screen);
  request.context = context.tar;
  request.dockerfile = context.dockerfile;
  const SourceRevision revision = source_revision(options.context, context.paths);
  tell_ignored(revision.ignored, screen);
  request.labels = labels(revision);
  const std::string dockerfile = read_file(options.dockerfile_path(), 1u << 20).value_or("");
  check_base_image(options, dockerfile);
  ImagePlaces places(options);
  const auto target = places.target();
  const std::vector<std::string> bases = choose_bases(dockerfile, request.arguments, places);
  const std::string image = target ? target->repository() + ":" + options.tag : options.local_name();
  if (options.dry_run) {
    screen.line("would build " + options.local_name() + (target ? " and push it to " + target->repository() : "") +
                "; dry run: nothing was sent");
    request.platform = options.platform.empty() ? platform_of_sagemaker : options.platform;
    if (session.json) print(session, plan_as_json(image, context, bases, request));
    return 0;
  }
  const docker::EngineAddress address = value_or_throw(docker::find_engine());
  const auto connection = value_or_throw(docker::connect_to(address, "smflow/" SMFLOW_VERSION));
  const docker::Engine& engine = *connection;
  request.platform = platform_for(options, engine.version());
  request.buildkit = by_buildkit(engine.version());
  screen.line("building " + options.local_name() + " by " + address.shown + " (" + printable(engine.version().engine) +
              (request.buildkit ? ", BuildKit)" : ")"));
  fetch_bases(engine, bases, request.platform, options.aws.profile, screen, stop.get_token());
  Built built = make_image(engine, request, screen, stop.get_token());
  built.image = image;
  if (target) {
    built.digest = push(engine, options, *target, screen, stop.get_token());
    screen.line("pushed as " + target->repository() + "@" + built.digest);
  }
  if (session.json) {
    print(session, as_json(built));
  } else {
    std::fprintf(session.out, "%s\n", built.image.c_str());
  }
  return 0;
}

}  // namespace

void add_build(CLI::App& app, Session& session) {
  auto options = std::make_shared<BuildOptions>();
  CLI::App* command = app.add_subcommand(
      "build",
      help_text(build_summary, {"smflow build gan_training build_0_1                # and push it to Amazon ECR",
                                "smflow build gan_training build_0_1 --local",
                                "smflow build gan_training build_0_1 --base-image pytorch/pytorch:latest",
                                "smflow build gan_training build_0_1 --registry 127.0.0.1:5000"}));
  add_build_options(*command, *options);
  add_json_option(*command, session);
  command->callback([&session, options] { session.action = [&session, options] { return build(session, *options); }; });
}

}  // namespace smflow::cli
