# Every third-party library, once, with its floor version. Reasons are in docs/dependencies.md.
find_package(Threads REQUIRED)
find_package(fmt 8.1 REQUIRED)
find_package(nlohmann_json 3.9 REQUIRED)
find_package(tl-expected REQUIRED)
find_package(ZLIB REQUIRED)
find_package(yaml-cpp 0.7 REQUIRED)

set(SMFLOW_TORCH_FOUND OFF)
if(NOT SMFLOW_WITH_TORCH STREQUAL "OFF")
  include(Libtorch)
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

# Only the launcher's side needs these; the training image is built without them.
if(SMFLOW_ONLY_CONTAINER)
  return()
endif()
find_package(CLI11 2.1 QUIET)
find_package(LibArchive 3.4 QUIET)
find_package(OpenSSL 3.0 COMPONENTS Crypto QUIET)
find_package(pugixml 1.11 QUIET)
find_package(CURL 7.81 QUIET)

# The emulator: built wherever cpp-httplib is. Debian's is compiled with options that change its classes, so the flags of
# its .pc file matter.
find_package(PkgConfig QUIET)
if(PkgConfig_FOUND)
  pkg_check_modules(SMFLOW_HTTPLIB QUIET cpp-httplib>=0.11)
endif()
if(SMFLOW_HTTPLIB_FOUND)
  add_library(smflow_httplib INTERFACE)
  add_library(smflow::httplib ALIAS smflow_httplib)
  target_compile_options(smflow_httplib INTERFACE ${SMFLOW_HTTPLIB_CFLAGS_OTHER})
  target_include_directories(smflow_httplib SYSTEM INTERFACE ${SMFLOW_HTTPLIB_INCLUDE_DIRS})
  target_link_libraries(smflow_httplib INTERFACE ${SMFLOW_HTTPLIB_LINK_LIBRARIES} crypto)
endif()
