#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <smflow/base/error.hpp>

namespace smflow::images {

struct Sample {
  std::string path;  // relative to the root, components separated by '/'
  std::int64_t label = 0;
};

// The pictures below root/<class>/**, in the order and with the class numbers of torchvision's ImageFolder.
struct ImageFolder {
  std::filesystem::path root;
  std::vector<std::string> classes;        // sorted by code point; a label is an index here
  std::vector<Sample> samples;             // by class, then folder, then file name
  std::vector<std::string> empty_classes;  // class folders without a picture; worth a warning
};

// Lists `root` recursively and follows links, except in a circle. A file counts by its extension (.jpg .jpeg .png .ppm
// .bmp .pgm .tif .tiff .webp, in any case); what it really is the decoder decides by its content. Names that begin with
// a dot are left out ("._a.jpg", ".ipynb_checkpoints"). Where no sub-folder holds a picture, pictures directly in
// `root` are one class named after it. Names sort by bytes, which for UTF-8 is by code point.
// Errors: E300 root missing or no folder, E301 no picture in it, E302 a folder below cannot be read.
Result<ImageFolder> list_image_folder(const std::filesystem::path& root);

}  // namespace smflow::images
