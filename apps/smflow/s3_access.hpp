#pragma once

#include "aws_access.hpp"

#include <smflow/engine/process_engine.hpp>
#include <smflow/s3/s3_store.hpp>

namespace smflow::cli {

// Opens folders of this machine and buckets, those at `url` when it is given. `access` lives longer than what it opens.
engine::StoreOpener store_opener(AwsAccess& access, const std::string& url = {}, s3::StoreOptions options = {});

}  // namespace smflow::cli
