// Whether this program looks for faults of its own while it runs, which makes it many times slower:
// tests that go through many cases of a kind then take some of them only.
#pragma once

namespace drydock::test {

#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif

}  // namespace drydock::test
