#pragma once

#include "aws_access.hpp"

#include <smflow/engine/process_engine.hpp>

namespace smflow::cli {

// Opens folders of this machine and buckets, those at `url` when it is given; `stop` ends their transfers. `access`
// lives longer than what it opens.
engine::StoreOpener store_opener(AwsAccess& access, const std::string& url = {}, std::stop_token stop = {});

}  // namespace smflow::cli
