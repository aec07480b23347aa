// Compiled with EIGENCODER_NO_THREADS.
#include <eigencoder/data/stream.hpp>
#include <eigencoder/data/stream_scaling.hpp>
#include <eigencoder/eigencoder.hpp>
#include <eigencoder/testing.hpp>

#if defined(_GLIBCXX_THREAD) || defined(_GLIBCXX_CONDITION_VARIABLE)  // include guards of libstdc++
#error "a header includes the standard library's threads although EIGENCODER_NO_THREADS is defined"
#endif

#include "support/catch.hpp"

using namespace eigencoder;

TEST_CASE("without threads there is one") {
  CHECK(threads() == 1);
  set_threads(4);
  CHECK(threads() == 1);
  CHECK(Workspace<float>().team() == 1);
  release_threads();
  set_threads(0);
}
