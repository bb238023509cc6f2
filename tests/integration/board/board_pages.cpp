// Boards for the tests of the page: board_pages FOLDER writes usual.html, large.html, hostile.html, odd.html and
// empty.html.
#include <array>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <random>

#include <zlib.h>

#include <smflow/base/files.hpp>
#include <smflow/board/render.hpp>

namespace {

using namespace smflow;

constexpr WallTime first_run{std::chrono::seconds(1795000000)};

void append_number(std::string& bytes, std::uint32_t number) {
  for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(static_cast<char>(number >> shift & 0xff));
}

void append_chunk(std::string& png, const std::string& type, const std::string& data) {
  append_number(png, static_cast<std::uint32_t>(data.size()));
  const std::string checked = type + data;
  png += checked;
  append_number(png, static_cast<std::uint32_t>(
                         crc32(0, reinterpret_cast<const Bytef*>(checked.data()), static_cast<uInt>(checked.size()))));
}

// A grid of coloured dots on noise that fades with the epochs.
std::string picture(int epoch, int epochs) {
  constexpr int tiles = 8, tile = 18, side = tiles * tile;
  std::mt19937 random(7);
  std::array<std::array<int, 3>, tiles * tiles> colors;
  for (auto& color : colors)
    color = {static_cast<int>(random() % 200) + 55, static_cast<int>(random() % 200) + 55,
             static_cast<int>(random() % 200) + 55};
  std::string rows;
  for (int y = 0; y < side; ++y) {
    rows.push_back('\0');
    for (int x = 0; x < side; ++x) {
      const double distance = std::hypot(x % tile - tile / 2.0, y % tile - tile / 2.0);
      const auto& color = colors[static_cast<std::size_t>(y / tile * tiles + x / tile)];
      for (const int channel : color) {
        const double clear = distance < 7 ? channel : 18, noise = static_cast<double>(random() % 256);
        const double share = static_cast<double>(epoch) / epochs;
        rows.push_back(static_cast<char>(static_cast<int>(clear * share + noise * (1 - share))));
      }
    }
  }
  uLongf size = compressBound(rows.size());
  std::string packed(size, '\0');
  compress(reinterpret_cast<Bytef*>(packed.data()), &size, reinterpret_cast<const Bytef*>(rows.data()), rows.size());
  packed.resize(size);
  std::string header;
  append_number(header, side);
  append_number(header, side);
  header += std::string("\x08\x02\0\0\0", 5);
  std::string png = "\x89PNG\r\n\x1a\n";
  append_chunk(png, "IHDR", header);
  append_chunk(png, "IDAT", packed);
  append_chunk(png, "IEND", "");
  return png;
}

constexpr std::array metric_names = {"discriminator/loss", "generator/loss", "d/real",
                                     "d/fake_before",      "d/fake_after",   "speed/images_per_second"};

std::vector<board::Series> curves(std::mt19937& random, std::size_t points) {
  std::vector<board::Series> all;
  const double level = 1.5 + static_cast<double>(random() % 1000) / 1000;
  for (std::size_t k = 0; k < metric_names.size(); ++k) {
    board::Series series{.name = metric_names[k], .points = {}};
    for (std::size_t i = 0; i < points; ++i) {
      const double share = static_cast<double>(i) / static_cast<double>(points);
      const double noise = static_cast<double>(random() % 1000) / 1000 - 0.5;
      const double value = k < 2   ? level * std::exp(-2 * share) + 0.4 + 0.3 * noise
                           : k < 5 ? 0.5 + 0.3 * std::sin(6 * share + static_cast<double>(k)) + 0.2 * noise
                                   : 900 + 90 * noise;
      series.points.push_back({static_cast<std::int64_t>(i) * 10, 1795000000.0 + static_cast<double>(i) * 0.76, value});
    }
    all.push_back(std::move(series));
  }
  return all;
}

std::vector<board::Metric> metrics_of(const std::vector<board::Series>& series) {
  std::vector<board::Metric> metrics;
  for (const board::Series& one : series) {
    board::Metric metric{one.name, one.points.back().value, INFINITY, -INFINITY};
    for (const board::Point& point : one.points) {
      metric.least = std::min(metric.least, point.value);
      metric.greatest = std::max(metric.greatest, point.value);
    }
    metrics.push_back(metric);
  }
  return metrics;
}

void set_parameters(board::Board& board, board::Run& run, std::mt19937& random) {
  const auto one_of = [&](const char* name, std::vector<OrderedJson> choices) {
    const std::size_t chosen = random() % choices.size();
    board.parameters.set(run.parameters, name, choices[chosen], chosen > 0);
  };
  one_of("sagemaker:S3.EXPERIMENT_NAME", {"team/emoji"});
  one_of("training:DATALOADER.BATCH_SIZE", {32, 64, 128});
  one_of("training:GENERATOR.LATENT_SIZE", {32, 64, 100});
  one_of("training:GENERATOR.FEATURE_SIZE", {32, 64});
  one_of("training:TRAINING.NUM_EPOCHS", {5, 10, 40, 60});
  one_of("training:TRAINING.LEARNING_RATE", {0.0001, 0.0002, 0.0005});
  one_of("training:TRAINING.BETA_1", {0.5});
  one_of("training:TRAINING.PRECISION", {"fp32", "bf16"});
}

board::Detail detail_of(const board::Run& run, std::vector<board::Series> series) {
  constexpr int epochs = 12;
  const WallTime start = *run.started;
  board::Detail detail{
      .phases = {{"Starting", run.created, start, ""},
                 {"Downloading", start, start + std::chrono::seconds(6), ""},
                 {"Training", start + std::chrono::seconds(6), start + std::chrono::minutes(5), ""},
                 {"Uploading", start + std::chrono::minutes(5), run.ended, ""}},
      .reason = run.state == "failed"
                    ? "AlgorithmError: ExecuteUserScriptError: exit code 1\ngenerator/loss is not a number at step 3200"
                    : "",
      .exit_code = run.state == "failed" ? 1 : 0,
      .command = "smflow run --config configs/sagemaker_config.yaml --set-training TRAINING.NUM_EPOCHS=10",
      .replicate = "smflow run --config configs/sagemaker_config.yaml --set-training TRAINING.NUM_EPOCHS=10",
      .why_not_exact = {"the code and the data are not part of this record"},
      .config_hash = "3f1d6c0e8a",
      .tool = "0.1.0",
      .data = {{"traindata", "s3://team-data/emoji/"}},
      .artifacts = {{"model.tar.gz", "s3://team-results/team/emoji/outputs/" + run.id + "/output/model.tar.gz"}},
      .series = std::move(series),
      .log = {"logs/algo-1.txt", "", 3'000'000}};
  for (int epoch = 1; epoch <= epochs; ++epoch) {
    detail.samples.push_back(
        {epoch, epoch * 90, "samples/epoch-" + std::to_string(epoch) + ".png", picture(epoch, epochs)});
    detail.log.text += "[" + std::to_string(epoch) + "/12][20/57] Loss_D: 0.4120 Loss_G: 2.1410 D(x): 0.7123\n";
  }
  return detail;
}

board::Board made(int runs, int detailed, std::size_t points) {
  constexpr std::array states = {"succeeded", "succeeded", "succeeded", "failed", "stopped", "timed_out"};
  board::Board board{.title = "team/emoji",
                     .source = "s3://team-results",
                     .version = "0.1.0",
                     .made = first_run + std::chrono::hours(2 * runs),
                     .parameters = {},
                     .runs = {}};
  std::mt19937 random(1);
  for (int i = 0; i < runs; ++i) {
    board::Run run;
    run.created = first_run + std::chrono::hours(2 * (runs - i)) + std::chrono::seconds(random() % 3600);
    run.started = run.created + std::chrono::seconds(4);
    run.ended = *run.started + std::chrono::minutes(5) + std::chrono::seconds(random() % 6000);
    run.state = states[random() % states.size()];
    if (i == 0) {
      run.state = "running";
      run.ended.reset();
    }
    char tail[8];
    std::snprintf(tail, sizeof tail, "%05x", (static_cast<unsigned>(i) * 7919u) & 0xfffffu);
    run.id = "emoji-gan-" + format_compact_utc(run.created) + "-" + tail;
    run.experiment = "team/emoji";
    run.user = std::array{"ann", "kim", "li"}[random() % 3];
    run.host = "lab-07";
    run.target = random() % 2 == 0 ? "local" : "ml.g5.xlarge, spot";
    set_parameters(board, run, random);
    std::vector<board::Series> series = curves(random, i < detailed ? points : 8);
    if (i == 3) series[1].points[series[1].points.size() * 8 / 10].value = NAN;
    run.metrics = metrics_of(series);
    if (i < detailed) run.detail = std::make_shared<const board::Detail>(detail_of(run, std::move(series)));
    board.runs.push_back(std::move(run));
  }
  return board;
}

board::Board hostile() {
  const std::array<std::string, 6> texts = {"</script><script>document.title='owned'</script>",
                                            "<img src=x onerror=\"document.title='owned'\">",
                                            "\"><svg onload=document.title='owned'>",
                                            "javascript:document.title='owned'",
                                            "\xe2\x80\xae{{script}}${7*7}'\"`&amp;",
                                            std::string(10'000, 'x') + "\xff"};
  board::Board board{.title = texts[0] + texts[1],
                     .source = texts[3],
                     .version = texts[1],
                     .made = first_run,
                     .parameters = {},
                     .runs = {}};
  for (const std::string& text : texts) {
    board::Run run{.id = text,
                   .experiment = text,
                   .user = text,
                   .host = text,
                   .target = text,
                   .state = text,
                   .created = first_run,
                   .started = {},
                   .ended = {},
                   .parameters = {},
                   .metrics = {{text, 1, 1, 1}},
                   .detail = {}};
    board.parameters.set(run.parameters, "training:" + text + ".X", text, true);
    board::Detail detail{.phases = {{text, first_run, first_run + std::chrono::seconds(5), text}},
                         .reason = text,
                         .exit_code = 1,
                         .command = text,
                         .replicate = text,
                         .why_not_exact = {text},
                         .image = text,
                         .source = text,
                         .config_hash = text,
                         .tool = text,
                         .data = {{text, text}},
                         .artifacts = {{text, text}},
                         .series = {{text, {{0, 0, 1}, {1, 1, 2}}}},
                         .log = {text, text, 0}};
    detail.samples = {{1, 1, text, picture(1, 2)},
                      {2, 2, text, "<svg xmlns='http://www.w3.org/2000/svg' onload=\"document.title='owned'\"/>"}};
    run.detail = std::make_shared<const board::Detail>(std::move(detail));
    board.runs.push_back(std::move(run));
  }
  return board;
}

// Runs whose loss ended as no number, and one without any.
board::Board odd() {
  board::Board board{.title = "odd",
                     .source = "s3://team-results",
                     .version = "0.1.0",
                     .made = first_run,
                     .parameters = {},
                     .runs = {}};
  const std::array lasts = {1.0, double{NAN}, double{INFINITY}, -double{INFINITY}, 2.0, 0.0};
  for (std::size_t i = 0; i < lasts.size(); ++i) {
    board::Run run{.id = "gan-20261123-130245-odd0" + std::to_string(i),
                   .experiment = "odd",
                   .user = "ann",
                   .host = "lab-07",
                   .target = "local",
                   .state = "succeeded",
                   .created = first_run - std::chrono::hours(i),
                   .started = {},
                   .ended = {},
                   .parameters = {},
                   .metrics = {},
                   .detail = {}};
    board::Detail detail;
    if (i + 1 < lasts.size()) {
      detail.series = {{"loss", {{0, 0, lasts[i]}, {1, 1, lasts[i]}, {2, 2, lasts[i]}}}};
      run.metrics = {{"loss", lasts[i], lasts[i], lasts[i]}};
    }
    run.detail = std::make_shared<const board::Detail>(std::move(detail));
    board.runs.push_back(std::move(run));
  }
  return board;
}

void write(const std::filesystem::path& file, const board::Board& board) {
  AtomicFile page = value_or_throw(AtomicFile::create(file));
  value_or_throw(board::render(board, {}, [&](std::string_view piece) { return page.write(piece); }));
  value_or_throw(page.commit());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const std::filesystem::path folder = argv[1];
  write(folder / "usual.html", made(60, 12, 400));
  write(folder / "large.html", made(10'000, 3, 100'000));
  write(folder / "hostile.html", hostile());
  write(folder / "odd.html", odd());
  write(
      folder / "empty.html",
      {.title = "Runs", .source = "s3://team-results", .version = "", .made = first_run, .parameters = {}, .runs = {}});
  return 0;
}
