#include "codec/zstd.h"

// For forceIgnoreChecksum and the memory estimates.
#define ZSTD_STATIC_LINKING_ONLY
#include <zstd.h>

#include <format>

namespace drydock::codec {
namespace {

ZSTD_CCtx* cctx(void* context) {
  return static_cast<ZSTD_CCtx*>(context);
}
ZSTD_DCtx* dctx(void* context) {
  return static_cast<ZSTD_DCtx*>(context);
}

}  // namespace

std::size_t zstd_bound(std::size_t raw) {
  return ZSTD_compressBound(raw);
}

void ZstdCompressor::Free::operator()(void* context) const {
  ZSTD_freeCCtx(cctx(context));
}

ZstdCompressor::ZstdCompressor(int level) : context_(ZSTD_createCCtx()) {
  if (!context_) return;
  const auto set = [&](ZSTD_cParameter parameter, int value) {
    const std::size_t status = ZSTD_CCtx_setParameter(cctx(context_.get()), parameter, value);
    if (ZSTD_isError(status)) setup_error_ = status;
  };
  set(ZSTD_c_compressionLevel, level);
  set(ZSTD_c_checksumFlag, 1);
  set(ZSTD_c_contentSizeFlag, 1);
}

Result<std::size_t> ZstdCompressor::compress(Bytes raw, MutableBytes out) {
  if (!context_) return fail(environment_error("zstd", "there is not enough memory to compress"));
  if (setup_error_ != 0) return fail(our_bug("zstd", ZSTD_getErrorName(setup_error_)));
  const std::size_t size =
      ZSTD_compress2(cctx(context_.get()), out.data(), out.size(), raw.data(), raw.size());
  if (ZSTD_isError(size)) {
    if (ZSTD_getErrorCode(size) == ZSTD_error_memory_allocation)
      return fail(environment_error("zstd", "there is not enough memory to compress",
                                    "Use fewer --threads or a lower --level"));
    return fail(our_bug("zstd", ZSTD_getErrorName(size)));
  }
  return size;
}

std::uint64_t ZstdCompressor::memory(int level, std::size_t raw) {
  return ZSTD_estimateCCtxSize_usingCParams(ZSTD_getCParams(level, raw, 0));
}

void ZstdDecompressor::Free::operator()(void* context) const {
  ZSTD_freeDCtx(dctx(context));
}

std::size_t zstd_frame_bytes(Bytes bytes) {
  const std::size_t size = ZSTD_findFrameCompressedSize(bytes.data(), bytes.size());
  return ZSTD_isError(size) ? 0 : size;
}

std::optional<std::uint64_t> zstd_content_bytes(Bytes frame) {
  const std::uint64_t size = ZSTD_getFrameContentSize(frame.data(), frame.size());
  const bool told = size != ZSTD_CONTENTSIZE_UNKNOWN && size != ZSTD_CONTENTSIZE_ERROR;
  return told ? std::optional(size) : std::nullopt;
}

ZstdDecompressor::ZstdDecompressor(Checksum checksum) : context_(ZSTD_createDCtx()) {
  if (context_ && checksum == Checksum::ignored)
    ZSTD_DCtx_setParameter(dctx(context_.get()), ZSTD_d_forceIgnoreChecksum, ZSTD_d_ignoreChecksum);
}

Result<void> ZstdDecompressor::decompress(Bytes frame, MutableBytes raw) {
  if (!context_) return fail(environment_error("zstd", "there is not enough memory to decompress"));
  const std::size_t size =
      ZSTD_decompressDCtx(dctx(context_.get()), raw.data(), raw.size(), frame.data(), frame.size());
  if (ZSTD_isError(size))
    return fail(
        bad_input("", std::format("a frame does not decompress ({})", ZSTD_getErrorName(size))));
  if (size != raw.size())
    return fail(
        bad_input("", std::format("a frame holds {} bytes instead of {}", size, raw.size())));
  return {};
}

std::uint64_t ZstdDecompressor::memory() {
  return ZSTD_estimateDCtxSize();
}

}  // namespace drydock::codec
