#pragma once

#include <smflow/aws/operations/s3.hpp>

namespace smflow::aws {

inline constexpr const char* crc64nvme_header = "x-amz-checksum-crc64nvme";

// Of a whole object.
ObjectChecksum crc64nvme_of(std::uint64_t crc);

// A call on one object.
ApiCall object_call(std::string operation, std::string method, const ObjectName& object, std::stop_token cancel = {});

// The value of a header, empty when it is not there.
std::string header_of(const ApiAnswer& answer, std::string_view name);

// A decimal number and nothing else.
std::optional<std::uint64_t> parse_number(std::string_view text);

// A text of a listing with encoding-type=url, where S3 writes a space as '+' and a '+' as "%2B".
std::optional<std::string> decode_listed(std::string text);

// The hash to sign of a body: over https the connection protects it.
std::string body_hash(const Client& client, const std::string& bucket);

// As what a browser that opens the object takes it; a page would otherwise be saved instead of shown.
std::string content_type_of(std::string_view key);

// Sends `call` with a body and its checksum; the ETag.
Outcome<std::string> put_checked(Client& client, ApiCall call, std::shared_ptr<const http::BodySource> body,
                                 std::uint64_t crc64nvme);

// Has S3 say the object's checksum, if the client wants to know.
void ask_for_checksum(const Client& client, ApiCall& call);

// All but `size`, which Content-Length says for HEAD and Content-Range for a range.
ObjectHead head_in(const Client& client, const ApiAnswer& answer);

}  // namespace smflow::aws
