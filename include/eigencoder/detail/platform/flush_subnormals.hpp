#pragma once

#include <cstdint>

#if defined(__SSE2__) || defined(_M_X64)
#include <xmmintrin.h>
#endif

namespace eigencoder::detail {

/// While it lives, its thread's processor treats subnormal numbers as 0, in operands and in results: on many processors
/// a product with one costs as much as a hundred others, and no network depends on values so small. The destructor
/// restores the mode. On processors without such a mode, or with one that is not known here, nothing happens.
///
/// The mode belongs to a thread. Each thread of a team needs its own scope, or results would depend on which thread ran
/// a task. Source: Intel, "64 and IA-32 architectures software developer's manual", volume 1, sections 10.2.3.3 and
/// 10.2.3.4; Arm, "Architecture reference manual for A-profile", register FPCR.
class FlushSubnormals {
 public:
  /// Does nothing within another scope or with `enabled` false: to write the mode takes as long as a small product.
  explicit FlushSubnormals(bool enabled = true) : outermost_(enabled && !open_) {
    if (!outermost_) return;
    open_ = true;
    before_ = read();
    write(before_ | bits);
  }
  ~FlushSubnormals() {
    if (!outermost_) return;
    write(before_);
    open_ = false;
  }
  FlushSubnormals(const FlushSubnormals&) = delete;
  FlushSubnormals& operator=(const FlushSubnormals&) = delete;

  /// The mode of the calling thread's processor: how it rounds, which operations trap, and what it does with subnormal
  /// numbers.
  static auto mode() { return read(); }
  /// Within a scope: what `mode` returned in another thread, but for subnormal numbers.
  static void set_mode(auto mode) { write(mode | bits); }

#if defined(__SSE2__) || defined(_M_X64)
  static constexpr bool available = true;  ///< the processor has such a mode

  using Register = unsigned int;

 private:
  static constexpr Register bits = 0x8040;  // flush to zero, bit 15; denormals are zero, bit 6
  static Register read() { return _mm_getcsr(); }
  static void write(Register value) { _mm_setcsr(value); }
#elif defined(__aarch64__) && defined(__GNUC__)
  static constexpr bool available = true;  ///< the processor has such a mode

  using Register = std::uint64_t;

 private:
  static constexpr Register bits = Register{1} << 24;  // FZ: operands and results
  static Register read() {
    Register value = 0;
    asm volatile("mrs %0, fpcr" : "=r"(value));
    return value;
  }
  static void write(Register value) { asm volatile("msr fpcr, %0" : : "r"(value) : "memory"); }
#else
  static constexpr bool available = false;

  using Register = int;

 private:
  static constexpr Register bits = 0;
  static Register read() { return 0; }
  static void write(Register) {}
#endif

  static inline constinit thread_local bool open_ = false;
  bool outermost_;
  Register before_ = 0;
};

}  // namespace eigencoder::detail
