#pragma once

#include "support/temporary_folder.hpp"

#include <map>
#include <string>

#include <smflow/runtime/environment.hpp>

namespace smflow::runtime {

// The three files of a job with two hosts, as the platform writes them.
extern const char* const two_hosts;

// Reads an environment with these files and these variables; a test failure when it cannot be read.
Environment sample_environment(const std::map<std::string, std::string>& hyperparameters = {},
                               const std::string& resources = two_hosts, const std::string& channels = "{}",
                               Variables given = {});

// Writes the files of the contract below `folder`, which then stands as /opt/ml.
contract::Paths write_contract(const test::TemporaryFolder& folder, const std::string& resources,
                               const std::string& hyperparameters = "{}", const std::string& channels = "{}");

}  // namespace smflow::runtime
