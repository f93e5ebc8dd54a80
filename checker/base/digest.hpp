// SHA-256 of bytes, for the keys of caches, which nobody may be able to forge; and what hashes are written in (libcrypto).
#pragma once

#include <string>
#include <string_view>

namespace base {

/// 64 hexadecimal digits. Throws std::runtime_error where libcrypto fails.
std::string sha256(std::string_view bytes);

/// The same as its 32 bytes.
std::string sha256_bytes(std::string_view bytes);
/// With the alphabet and the padding of RFC 4648, on one line.
std::string base64(std::string_view bytes);

/// The keyed hash of the same length (RFC 2104): what nobody can work out without the key.
std::string hmac_sha256(std::string_view key, std::string_view text);

}  // namespace base
