#include "jpeg_decoder.hpp"

#include "jpeg_end.hpp"

#include <algorithm>
#include <csetjmp>
#include <cstdio>
#include <string>

#include <jerror.h>
#include <jpeglib.h>

namespace smflow::images {

// libjpeg reports an error by a call that must not return. It leaves by longjmp to guarded(); the frames that are
// jumped over hold plain values only, and everything that owns memory lives in the decoder.
struct JpegDecoder::State {
  jpeg_decompress_struct info{};
  jpeg_error_mgr errors{};
  jpeg_progress_mgr progress{};
  std::jmp_buf jump{};
  char message[JMSG_LENGTH_MAX] = {};
  bool cut = false;
  bool damaged = false;

  std::span<const std::uint8_t> file;
  Resizer* resizer = nullptr;
  std::uint8_t* rows[4] = {};
};

namespace {

// A progressive file of a few kilobytes can ask for thousands of passes over a large picture; real ones have about 10.
constexpr int most_scans = 500;

using State = JpegDecoder::State;

State& state_of(j_common_ptr info) {
  return *static_cast<State*>(info->client_data);
}

void on_error(j_common_ptr info) {
  auto& state = state_of(info);
  info->err->format_message(info, state.message);
  std::longjmp(state.jump, 1);
}

void on_message(j_common_ptr info, int level) {
  if (level >= 0) return;
  auto& state = state_of(info);
  (info->err->msg_code == JWRN_JPEG_EOF ? state.cut : state.damaged) = true;
}

void on_output(j_common_ptr) {}

void on_progress(j_common_ptr info) {
  auto& state = state_of(info);
  if (state.info.input_scan_number <= most_scans) return;
  std::snprintf(state.message, sizeof state.message, "has more than %d scans", most_scans);
  std::longjmp(state.jump, 1);
}

bool guarded(State& state, void (*step)(State&)) {
  if (setjmp(state.jump) != 0) {
    jpeg_abort_decompress(&state.info);
    return false;
  }
  step(state);
  return true;
}

void read_header(State& state) {
  jpeg_abort_decompress(&state.info);  // when memory ran out between the two steps of the picture before
  jpeg_mem_src(&state.info, state.file.data(), static_cast<unsigned long>(state.file.size()));
  jpeg_read_header(&state.info, TRUE);
  state.info.out_color_space = state.info.num_components == 4 ? JCS_CMYK : JCS_EXT_RGBX;
}

// Cropping and skipping in the decoder leaves bytes unchanged for these; rarer layouts are decoded whole.
bool has_common_sampling(const jpeg_decompress_struct& info) {
  if (info.num_components == 4) return false;
  for (int i = 0; i < info.num_components; ++i) {
    const int most = i == 0 && info.num_components == 3 ? 2 : 1;
    if (info.comp_info[i].h_samp_factor > most || info.comp_info[i].v_samp_factor > most) return false;
  }
  return true;
}

int multiply_divide_255(int a, int b) {
  const int product = a * b + 128;
  return ((product >> 8) + product) >> 8;
}

// `pixels` hold C M Y K, inverted as Adobe writes them (Pillow takes that for granted), and become R G B.
void cmyk_to_rgb(std::uint8_t* pixels, std::size_t count) {
  for (; count > 0; --count, pixels += 4) {
    const int white = pixels[3];
    for (int i = 0; i < 3; ++i) {
      const int value = white - multiply_divide_255(255 - pixels[i], white);
      pixels[i] = static_cast<std::uint8_t>(std::clamp(value, 0, 255));
    }
  }
}

struct Columns {
  JDIMENSION first = 0;
  JDIMENSION count = 0;
};

// One iMCU more than needed on either side: smooth chroma looks at its neighbours.
Columns crop_columns(jpeg_decompress_struct& info, const Axis& across) {
  Columns columns{0, info.output_width};
  if (!has_common_sampling(info)) return columns;
  const int margin = info.max_h_samp_factor * DCTSIZE;
  const int first = std::max(0, across.first - margin);
  const int end = std::min(static_cast<int>(info.output_width), across.end + margin);
  columns = {static_cast<JDIMENSION>(first), static_cast<JDIMENSION>(end - first)};
  if (columns.count < info.output_width) jpeg_crop_scanline(&info, &columns.first, &columns.count);
  return columns;
}

void read_row(jpeg_decompress_struct& info, std::uint8_t* row) {
  while (jpeg_read_scanlines(&info, &row, 1) == 0) {
  }
}

void skip_to_first_row(State& state) {
  jpeg_decompress_struct& info = state.info;
  const int first = state.resizer->down().first;
  const int skipped = first - info.max_v_samp_factor * DCTSIZE;
  if (skipped > 0 && has_common_sampling(info)) jpeg_skip_scanlines(&info, static_cast<JDIMENSION>(skipped));
  while (info.output_scanline < static_cast<JDIMENSION>(first)) read_row(info, state.rows[0]);
}

// Stopping at the last needed row must not hide that the file is cut short behind it.
void check_end(State& state) {
  jpeg_decompress_struct& info = state.info;
  if (jpeg_input_complete(&info) || info.unread_marker == JPEG_EOI) return;
  // An unread marker is behind the read position already: step back onto it.
  const std::size_t step_back = info.unread_marker != 0 ? 2 : 0;
  const std::size_t left = info.src->bytes_in_buffer + step_back;
  if (!has_end_of_image(state.file.last(std::min(left, state.file.size())))) state.cut = true;
}

void decode_rows(State& state) {
  jpeg_decompress_struct& info = state.info;
  jpeg_start_decompress(&info);
  const Columns columns = crop_columns(info, state.resizer->across());
  skip_to_first_row(state);
  const auto end = static_cast<JDIMENSION>(state.resizer->down().end);
  while (info.output_scanline < end) {
    for (int i = 0; i < 4 && info.output_scanline < end; ++i) {
      read_row(info, state.rows[i]);
      if (info.out_color_space == JCS_CMYK) cmyk_to_rgb(state.rows[i], columns.count);
    }
    state.resizer->add_band(state.rows, static_cast<int>(columns.first));
  }
  check_end(state);
  jpeg_abort_decompress(&info);
}

// Every block takes a bit at least, so a file this small cannot fill a picture this large.
bool is_plausible(const jpeg_decompress_struct& info, std::size_t file_size) {
  const auto pixels = static_cast<std::uint64_t>(info.image_width) * info.image_height;
  return info.arith_code || pixels / 2048 <= file_size;
}

}  // namespace

JpegDecoder::JpegDecoder() : state_(std::make_unique<State>()) {
  State& state = *state_;
  state.info.err = jpeg_std_error(&state.errors);
  state.errors.error_exit = on_error;
  state.errors.emit_message = on_message;
  state.errors.output_message = on_output;
  state.info.client_data = &state;
  if (setjmp(state.jump) != 0) throw std::bad_alloc();
  jpeg_create_decompress(&state.info);
  state.progress.progress_monitor = on_progress;
  state.info.progress = &state.progress;
}

JpegDecoder::~JpegDecoder() {
  jpeg_destroy_decompress(&state_->info);
}

Error JpegDecoder::failure() const {
  if (state_->cut) return unreadable("is cut short");
  return unreadable(std::string("is not a readable JPEG file: ") + state_->message);
}

Result<Decoded> JpegDecoder::decode(std::span<const std::uint8_t> file, Resizer& resizer) {
  State& state = *state_;
  state.file = file;
  state.resizer = &resizer;
  state.cut = state.damaged = false;
  if (!guarded(state, read_header)) return tl::unexpected(failure());

  jpeg_decompress_struct& info = state.info;
  const auto refuse = [&info](std::string message) {
    jpeg_abort_decompress(&info);
    return tl::unexpected(unreadable(std::move(message)));
  };
  const std::string size = std::to_string(info.image_width) + " x " + std::to_string(info.image_height) + " pixels";
  if (info.num_components == 2 || info.num_components > 4) {
    return refuse("is a JPEG file of " + std::to_string(info.num_components) + " colours, which is not supported");
  }
  if (static_cast<std::int64_t>(info.image_width) * info.image_height > most_pixels) {
    return refuse("is too large: " + size);
  }
  if (!is_plausible(info, file.size())) return refuse("is cut short: " + size + " do not fit into its size");

  resizer.begin(static_cast<int>(info.image_width), static_cast<int>(info.image_height));
  const std::size_t stride = row_stride(std::size_t{4} * info.image_width);
  std::uint8_t* rows = rows_.reserve(4 * stride);
  for (std::size_t i = 0; i < 4; ++i) state.rows[i] = rows + i * stride;
  if (!guarded(state, decode_rows) || state.cut) return tl::unexpected(failure());
  return Decoded{.damaged = state.damaged};
}

}  // namespace smflow::images
