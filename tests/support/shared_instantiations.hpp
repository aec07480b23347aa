#pragma once

// What the test programs all need of the library's kernels, for both scalars, compiled once and optimized
// (shared_instantiations.cpp): tests compile a tenth faster, and those that multiply much run in half the time.
#include <eigencoder/eigencoder.hpp>
#include <string>
#include <vector>

#ifndef EIGENCODER_SHARED
#define EIGENCODER_SHARED extern
#endif

#define EIGENCODER_SHARED_OF(Scalar)                                                                                \
  namespace eigencoder {                                                                                            \
  EIGENCODER_SHARED template class Workspace<Scalar>;                                                               \
  }                                                                                                                 \
  namespace eigencoder::detail {                                                                                    \
  EIGENCODER_SHARED template void gemm<Scalar>(Index, Index, Index, const MatrixView<Scalar>&,                      \
                                               const MatrixView<Scalar>&, Scalar*, Index, bool,                     \
                                               KernelScratch<Scalar>&);                                             \
  EIGENCODER_SHARED template class BlockProduct<Scalar>;                                                            \
  EIGENCODER_SHARED template class ImplicitGemm<Scalar>;                                                            \
  EIGENCODER_SHARED template struct ConvolutionKernel<Scalar>;                                                      \
  EIGENCODER_SHARED template struct DenseKernel<Scalar>;                                                            \
  EIGENCODER_SHARED template class TrainingLoop<Scalar>;                                                            \
  }                                                                                                                 \
  EIGENCODER_SHARED template class std::vector<Scalar>;

EIGENCODER_SHARED_OF(float)
EIGENCODER_SHARED_OF(double)
#undef EIGENCODER_SHARED_OF
EIGENCODER_SHARED template class std::basic_string<char>;
EIGENCODER_SHARED template class std::vector<std::string>;
EIGENCODER_SHARED template class std::vector<unsigned char>;
EIGENCODER_SHARED template class std::vector<unsigned>;
EIGENCODER_SHARED template class std::vector<long>;
EIGENCODER_SHARED template class std::vector<bool>;
