#include <algorithm>
#include <array>
#include <string_view>
#include <system_error>

#include <sys/stat.h>

#include <smflow/images/folder.hpp>

namespace smflow::images {

namespace fs = std::filesystem;

namespace {

constexpr std::array<std::string_view, 9> extensions = {".jpg", ".jpeg", ".png",  ".ppm", ".bmp",
                                                        ".pgm", ".tif",  ".tiff", ".webp"};

bool is_hidden(std::string_view name) {
  return name.starts_with('.');
}

bool has_picture_extension(std::string_view name) {
  return std::any_of(extensions.begin(), extensions.end(), [name](std::string_view extension) {
    if (name.size() < extension.size()) return false;
    const std::string_view end = name.substr(name.size() - extension.size());
    return std::equal(end.begin(), end.end(), extension.begin(),
                      [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b; });
  });
}

struct FolderId {
  dev_t device;
  ino_t inode;
  bool operator==(const FolderId&) const = default;
};

struct Entries {
  std::vector<std::string> folders;
  std::vector<std::string> pictures;
};

Error cannot_list(const fs::path& folder, const std::error_code& code) {
  return {.code = "E302",
          .exit = ExitCode::machine,
          .message = "cannot list the folder '" + folder.string() + "': " + system_error_text(code.value()),
          .fix = "make it readable for the user who trains"};
}

Result<Entries> list(const fs::path& folder) {
  Entries entries;
  std::error_code code;
  for (auto entry = fs::directory_iterator(folder, code); !code && entry != fs::directory_iterator();
       entry.increment(code)) {
    std::string name = entry->path().filename().string();
    if (is_hidden(name)) continue;
    std::error_code ignored;
    if (entry->is_directory(ignored)) {
      entries.folders.push_back(std::move(name));
    } else if (has_picture_extension(name)) {
      entries.pictures.push_back(std::move(name));
    }
  }
  if (code) return tl::unexpected(cannot_list(folder, code));
  std::sort(entries.folders.begin(), entries.folders.end());
  std::sort(entries.pictures.begin(), entries.pictures.end());
  return entries;
}

// One folder's pictures; torchvision sorts the folders of a class by their whole path, in which '/' sorts after '-'.
struct Leaf {
  std::string folder;  // relative to the root
  std::vector<std::string> pictures;
};

class ClassWalk {
 public:
  ClassWalk(const fs::path& root, std::vector<Leaf>& leaves) : root_(root), leaves_(leaves) {}

  Result<void> walk(const std::string& folder) {
    struct stat status {};
    const fs::path path = root_ / folder;
    if (::stat(path.c_str(), &status) != 0) {
      return tl::unexpected(cannot_list(path, std::error_code(errno, std::generic_category())));
    }
    const FolderId id{status.st_dev, status.st_ino};
    if (std::find(ancestors_.begin(), ancestors_.end(), id) != ancestors_.end()) return {};
    auto entries = list(path);
    if (!entries) return tl::unexpected(std::move(entries).error());
    if (!entries->pictures.empty()) leaves_.push_back({folder, std::move(entries->pictures)});
    ancestors_.push_back(id);
    for (const std::string& name : entries->folders) {
      if (auto walked = walk(folder + "/" + name); !walked) return walked;
    }
    ancestors_.pop_back();
    return {};
  }

 private:
  const fs::path& root_;
  std::vector<Leaf>& leaves_;
  std::vector<FolderId> ancestors_;
};

Result<void> add_class(const std::string& name, ImageFolder& folder) {
  std::vector<Leaf> leaves;
  if (auto walked = ClassWalk(folder.root, leaves).walk(name); !walked) return walked;
  std::sort(leaves.begin(), leaves.end(), [](const Leaf& a, const Leaf& b) { return a.folder < b.folder; });
  const auto label = static_cast<std::int64_t>(folder.classes.size());
  folder.classes.push_back(name);
  if (leaves.empty()) folder.empty_classes.push_back(name);
  for (const Leaf& leaf : leaves) {
    for (const std::string& picture : leaf.pictures) folder.samples.push_back({leaf.folder + "/" + picture, label});
  }
  return {};
}

void add_flat(std::vector<std::string> pictures, ImageFolder& folder) {
  std::string name = fs::absolute(folder.root).lexically_normal().filename().string();
  if (name.empty()) name = fs::absolute(folder.root).lexically_normal().parent_path().filename().string();
  folder.empty_classes.clear();
  folder.classes = {std::move(name)};
  for (std::string& picture : pictures) folder.samples.push_back({std::move(picture), 0});
}

Error not_a_folder(const fs::path& root) {
  const bool exists = fs::exists(root);
  return {.code = "E300",
          .exit = ExitCode::not_found,
          .message = "the data folder '" + root.string() + (exists ? "' is not a folder" : "' does not exist"),
          .fix = "set DATALOADER.DATA_DIR to a folder of class folders with pictures"};
}

Error nothing_found(const fs::path& root) {
  return {.code = "E301",
          .exit = ExitCode::not_found,
          .message = "the data folder '" + root.string() + "' holds no picture (.jpg, .jpeg, .png, ...)",
          .fix = "put pictures into '" + (root / "CLASS").string() + "/', one folder for each class"};
}

}  // namespace

Result<ImageFolder> list_image_folder(const fs::path& root) {
  std::error_code ignored;
  if (!fs::is_directory(root, ignored)) return tl::unexpected(not_a_folder(root));
  ImageFolder folder;
  folder.root = root;
  auto entries = list(root);
  if (!entries) return tl::unexpected(std::move(entries).error());
  for (const std::string& name : entries->folders) {
    if (auto added = add_class(name, folder); !added) return tl::unexpected(std::move(added).error());
  }
  if (folder.samples.empty() && !entries->pictures.empty()) add_flat(std::move(entries->pictures), folder);
  if (folder.samples.empty()) return tl::unexpected(nothing_found(root));
  return folder;
}

}  // namespace smflow::images
