#pragma once

#include <cstdint>

#if defined(__SSE2__) || defined(_M_X64)
#include <xmmintrin.h>
#endif

namespace eigencoder::detail {

/// While it lives, its thread's processor takes subnormal numbers for 0, in operands and in results: a product that
/// meets one costs a hundred others on many processors, and a trained network holds nothing so small that it would
/// be missed. On leaving, all is as it was. Where the processor has no such mode (or we do not know it) nothing
/// changes. The mode belongs to a thread: each of a team needs a scope of its own, or results depend on which ran a
/// task; and none may be open where threads are started, which inherit the mode for good.
/// Source: Intel, "64 and IA-32 architectures software developer's manual", volume 1, sections 10.2.3.3 and 10.2.3.4;
/// Arm, "Architecture reference manual for A-profile", register FPCR.
class FlushSubnormals {
 public:
  /// Within another scope, or unless `wanted`, it does nothing: to write the mode takes as long as a small product.
  explicit FlushSubnormals(bool wanted = true) : outermost_(wanted && !open_) {
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

#if defined(__SSE2__) || defined(_M_X64)
  static constexpr bool available = true;

 private:
  using Register = unsigned int;
  static constexpr Register bits = 0x8040;  // flush to zero, bit 15; denormals are zero, bit 6
  static Register read() { return _mm_getcsr(); }
  static void write(Register value) { _mm_setcsr(value); }
#elif defined(__aarch64__) && defined(__GNUC__)
  static constexpr bool available = true;

 private:
  using Register = std::uint64_t;
  static constexpr Register bits = Register{1} << 24;  // FZ: operands and results
  static Register read() {
    Register value = 0;
    asm volatile("mrs %0, fpcr" : "=r"(value));
    return value;
  }
  static void write(Register value) { asm volatile("msr fpcr, %0" : : "r"(value) : "memory"); }
#else
  static constexpr bool available = false;

 private:
  using Register = int;
  static constexpr Register bits = 0;
  static Register read() { return 0; }
  static void write(Register) {}
#endif

  static inline constinit thread_local bool open_ = false;
  bool outermost_;
  Register before_ = 0;
};

}  // namespace eigencoder::detail
