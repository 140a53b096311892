#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace drydock {

inline constexpr std::uint64_t kKiB = 1024;
inline constexpr std::uint64_t kMiB = 1024 * kKiB;
inline constexpr std::uint64_t kGiB = 1024 * kMiB;
inline constexpr std::uint64_t kTiB = 1024 * kGiB;

// "512 B", "1.5 MiB", "8.0 GiB": binary, one decimal place from KiB on.
std::string human_bytes(std::uint64_t bytes);

// As vendors print it on a drive: "500 GB", "2.0 TB" (powers of ten, one decimal place below 100).
std::string vendor_bytes(std::uint64_t bytes);

// "4 s", "3 min 20 s", "2 h 05 min".
std::string human_duration(std::chrono::seconds duration);

// "4096", "64K", "1MiB", "2G", "1TB": K, M, G, T with or without iB are powers of 1024, with B
// alone powers of 1000. Nothing for anything else, also when it does not fit.
std::optional<std::uint64_t> parse_bytes(std::string_view text);

// "1 file", "2 files": `noun` takes a plain s.
std::string counted(std::uint64_t count, std::string_view noun);

}  // namespace drydock
