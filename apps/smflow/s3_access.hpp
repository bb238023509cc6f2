#pragma once

#include "aws_access.hpp"

#include <smflow/engine/process_engine.hpp>

namespace smflow::cli {

// Opens folders of this machine and buckets; `access` lives longer than what it opens.
engine::StoreOpener store_opener(AwsAccess& access);

}  // namespace smflow::cli
