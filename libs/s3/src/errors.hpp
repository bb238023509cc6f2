#pragma once

#include <string>

#include <smflow/aws/operations/s3.hpp>

namespace smflow::s3 {

std::string uri_of(const aws::ObjectName& object);

// An error of a transfer to or from `object`: E142 when it exists, E150 when it does not, else that of aws::as_error.
Error error_of(const aws::AwsError& error, const aws::ObjectName& object);

// The object is another one now: that of If-Match is gone, or it is shorter.
bool is_replaced(const aws::AwsError& error);
Error replaced_meanwhile(const aws::ObjectName& object);                    // E442
Error file_changed(const std::string& file);                                // E440
Error wrong_bytes(const aws::ObjectName& object, const std::string& what);  // E441

}  // namespace smflow::s3
