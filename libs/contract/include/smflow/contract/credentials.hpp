#pragma once

// How the local engine gives a program the caller's AWS credentials: as lines NAME=VALUE through a FIFO that the
// entrypoint reads once, so that they are on no disk and in no description of a container. On SageMaker the platform has
// an endpoint for them (AWS_CONTAINER_CREDENTIALS_RELATIVE_URI), and this variable is missing.
namespace smflow::contract::credentials {

inline constexpr const char* fifo_variable = "SMFLOW_CREDENTIALS_FIFO";
inline constexpr const char* fifo_name = "credentials";  // in the folder of smflow/contract/debugging.hpp

}  // namespace smflow::contract::credentials
