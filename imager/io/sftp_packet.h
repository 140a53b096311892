#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace drydock::io {

// Types of packets and codes of draft-ietf-secsh-filexfer-02, sections 3, 6.3 and 7.
namespace sftp {
enum Type : std::uint8_t {
  kInit = 1,
  kVersion = 2,
  kOpen = 3,
  kClose = 4,
  kRead = 5,
  kWrite = 6,
  kSetOpenStat = 10,
  kOpenFolder = 11,
  kReadFolder = 12,
  kRemove = 13,
  kStat = 17,
  kRename = 18,
  kStatus = 101,
  kHandle = 102,
  kData = 103,
  kName = 104,
  kAttributes = 105,
  kExtended = 200,
  kExtendedReply = 201,
};
enum Status : std::uint32_t { kOk = 0, kEof = 1, kNoSuchFile = 2, kDenied = 3 };
enum OpenFlag : std::uint32_t {
  kForReading = 1,
  kForWriting = 2,
  kCreate = 8,
  kTruncate = 16,
  kExclusive = 32
};
// Of the flags of attributes (section 5).
enum Has : std::uint32_t {
  kHasSize = 1,
  kHasOwner = 2,
  kHasMode = 4,
  kHasTimes = 8,
  kHasMore = 0x80000000
};
}  // namespace sftp

// The body of a packet, written from front to end.
class SftpBody {
 public:
  SftpBody& number(std::uint32_t value) { return integer(value); }
  SftpBody& large(std::uint64_t value) { return integer(value); }
  SftpBody& text(std::string_view value) { return data(as_bytes(value)); }
  SftpBody& data(Bytes value) {
    number(static_cast<std::uint32_t>(value.size()));
    bytes_.insert(bytes_.end(), value.begin(), value.end());
    return *this;
  }
  operator Bytes() const { return bytes_; }

 private:
  template <class T>
  SftpBody& integer(T value) {
    std::byte raw[sizeof(T)];
    store_be(raw, value);
    bytes_.insert(bytes_.end(), raw, raw + sizeof(T));
    return *this;
  }

  std::vector<std::byte> bytes_;
};

// And read so. Beyond the end there are zeros and empty texts.
class SftpFields {
 public:
  explicit SftpFields(Bytes bytes) : reader_(bytes) {}

  std::uint32_t number() {
    const std::uint32_t value = reader_.be32(at_);
    at_ += sizeof value;
    return value;
  }
  std::uint64_t large() {
    const std::uint64_t value = reader_.be64(at_);
    at_ += sizeof value;
    return value;
  }
  Bytes data() {
    const std::uint32_t length = number();
    const Bytes found = reader_.bytes(at_, length);
    at_ += length;
    return found;
  }
  std::string text() {
    const Bytes found = data();
    return {reinterpret_cast<const char*>(found.data()), found.size()};
  }
  bool at_end() const { return at_ >= reader_.size(); }
  bool ok() const { return reader_.ok(); }

 private:
  ByteReader reader_;
  std::size_t at_ = 0;
};

}  // namespace drydock::io
