#pragma once

#include "aws_access.hpp"

#include <smflow/engine/process_engine.hpp>

namespace smflow::cli {

// Opens folders of this machine and buckets, those at `url` when it is given; `access` lives longer than what it opens.
engine::StoreOpener store_opener(AwsAccess& access, const std::string& url = {});

}  // namespace smflow::cli
