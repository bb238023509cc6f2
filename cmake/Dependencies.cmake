# Every third-party library, once, with its floor version. Reasons are in docs/dependencies.md.
find_package(Threads REQUIRED)
find_package(fmt 8.1 REQUIRED)
find_package(nlohmann_json 3.9 REQUIRED)
find_package(tl-expected REQUIRED)
find_package(ZLIB REQUIRED)

# Only the launcher's side needs these; the training image is built without them.
find_package(yaml-cpp 0.7 REQUIRED)
find_package(CLI11 2.1 QUIET)
find_package(LibArchive 3.4 QUIET)

set(SMFLOW_TORCH_FOUND OFF)
if(NOT SMFLOW_WITH_TORCH STREQUAL "OFF")
  find_package(Torch QUIET)
  if(Torch_FOUND)
    set(SMFLOW_TORCH_FOUND ON)
    find_package(OpenMP REQUIRED COMPONENTS CXX)
  elseif(SMFLOW_WITH_TORCH STREQUAL "ON")
    message(FATAL_ERROR "libtorch was not found; install libtorch-dev, or set CMAKE_PREFIX_PATH, or -DSMFLOW_WITH_TORCH=OFF")
  endif()
endif()

# The image library: built wherever its three libraries are, and needed where there is libtorch.
set(images_requirement QUIET)
if(SMFLOW_TORCH_FOUND)
  set(images_requirement REQUIRED)
endif()
find_package(JPEG ${images_requirement})
find_library(SMFLOW_LIBDEFLATE deflate)
find_path(SMFLOW_LIBDEFLATE_INCLUDE libdeflate.h)
mark_as_advanced(SMFLOW_LIBDEFLATE SMFLOW_LIBDEFLATE_INCLUDE)
if(SMFLOW_LIBDEFLATE AND SMFLOW_LIBDEFLATE_INCLUDE)
  add_library(smflow_libdeflate UNKNOWN IMPORTED)
  set_target_properties(smflow_libdeflate PROPERTIES IMPORTED_LOCATION ${SMFLOW_LIBDEFLATE}
                                                     INTERFACE_INCLUDE_DIRECTORIES ${SMFLOW_LIBDEFLATE_INCLUDE})
elseif(SMFLOW_TORCH_FOUND)
  message(FATAL_ERROR "libdeflate was not found; install libdeflate-dev")
endif()
