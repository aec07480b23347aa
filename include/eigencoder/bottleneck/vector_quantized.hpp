#pragma once

#include <cmath>
#include <eigencoder/detail/base/hyperparameters.hpp>
#include <eigencoder/detail/base/parallel.hpp>
#include <eigencoder/detail/bottleneck/codebook.hpp>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/extend/bottleneck.hpp>
#include <eigencoder/extend/parameters.hpp>

namespace eigencoder {

/// The policy of a vector-quantized autoencoder, which makes codes discrete: each vector z of the encoder's output is
/// replaced by the nearest vector e of a learned codebook, the first of equally near ones. The channels at a position
/// of an image are one vector and so is a flat code, unless they are split into `groups`.
///
///     VectorQuantized<512>                  512 codes
///     VectorQuantized<64>{.groups = 4}      a flat code of 32 values is four vectors of 8
///     VectorQuantized<>{.codes = k}         k codes, a number known at run time
///
/// The gradient passes straight through, dL/dz = dL/de. The commitment term `commitment` ||z - e||^2, as a mean over
/// the samples, has a gradient by z alone (eq. 3). The codebook gets no gradient: its vectors are exponential moving
/// averages of the encoder's (appendix A.1), kept as two running statistics, the count and the sum of the vectors of
/// each code. `encode` gives vectors of the codebook; `code_indices` and `codebook` (evaluation/codes.hpp) give
/// their indices and all vectors. The perplexity of a batch is e to the entropy of its codes' frequencies, the number
/// of codes in use if all of them are used equally; an evaluation reports its mean over batches of 256 samples.
/// Source: van den Oord, Vinyals & Kavukcuoglu, "Neural discrete representation learning" (2017).
template <Index K = Dynamic>
struct VectorQuantized {
  Index codes = K;           ///< vectors of the codebook, in [1, 2^24]
  Index groups = 1;          ///< vectors at each position, at least 1; a divisor of the channels
  double commitment = 0.25;  ///< beta, at least 0
  double decay = 0.99;       ///< of the moving averages in each batch, in [0, 1)
  /// A code whose average use is less than this fraction of the mean over all codes is replaced by a random vector of
  /// the batch; in [0, 1), 0: never. Source: Dhariwal et al., "Jukebox" (2020), section 3.1.
  double revive_below = 0.05;

  static constexpr bool quantizes = true;  ///< codes are vectors of a codebook

  /// As every `Bottleneck`. The terms are the commitment and the perplexity.
  ///@{
  static constexpr std::string_view kind = "VectorQuantized";
  static constexpr Index at_layer = AllLayers::at_layer;
  static constexpr TermName terms[] = {{"commitment", true}, {"perplexity", false}};

  void validate() const {
    if (!(codes > 0 && codes <= Index{1} << 24 && (K == Dynamic || codes == K)))
      throw OptionError("eigencoder: VectorQuantized.codes must lie in [1, 2^24] and agree with the type");
    detail::require_at_least("VectorQuantized.groups", 1, groups);
    detail::require_nonnegative("VectorQuantized.commitment", commitment);
    detail::require_fraction("VectorQuantized.decay", decay);
    detail::require_fraction("VectorQuantized.revive_below", revive_below);
  }

  Index draws() const { return 1; }

  /// Adds the statistics: the counts and the sums of each code's vectors.
  /// @throws OptionError if the groups do not divide the channels, or the codebook is too large
  template <class Layer>
  void declare(ParameterLayout& layout, Index position, const Layer&, const LayerInfo& info) const {
    if (info.out.channels % groups != 0)
      throw OptionError(detail::message({"VectorQuantized.groups: ", groups, " do not divide the code's ",
                                         info.out.channels, info.out.is_flat() ? " values" : " channels"}));
    if (width(info) > max_bytes / codes)
      throw OptionError(detail::message({"VectorQuantized: a codebook of ", codes, " x ", width(info),
                                         " values is more than memory can hold"}));
    layout.add_statistics(position, codes, 1, {nonnegative});
    layout.add_statistics(position, codes * width(info), 0);
  }

  /// Draws values of variance 1 / width, so that vectors have a length of about 1.
  template <class Scalar, class Layer>
  void initialize(const ParameterLayout& layout, Index, Index first_statistics, const Layer&, const LayerInfo& info,
                  std::uint64_t seed, Scalar*, Scalar* statistics) const {
    Random random(seed, Purpose::bottleneck, initial);
    const double stddev = 1 / std::sqrt(static_cast<double>(width(info)));
    Scalar* sums = statistics + layout.statistics_block(first_statistics + 1).offset;
    for (Index i = 0; i < codes * width(info); ++i) sums[i] = static_cast<Scalar>(stddev * random.normal());
  }

  /// The packed codebook, the index of each vector's code, and the number of vectors of each code.
  Index cache_size(const LayerInfo& info, Index batch) const {
    return detail::packed_codebook_size(codes, width(info)) + batch * vectors(info) + codes;
  }

  template <class Scalar, class Layer>
  void forward(const BottleneckContext<Scalar, Layer>& context) const {
    quantize(context, context.cache, context.latent);
  }

  template <class Scalar, class Layer>
  void backward(const BottleneckContext<Scalar, Layer>& context, Scalar* dlatent, Scalar* dcode, Scalar*, double* sums,
                GradientSink<Scalar>&) const {
    const auto factor = static_cast<Scalar>(2 * commitment / static_cast<double>(context.pass.batch));
    detail::parallel_values(context.pass, context.values(), 8, [&](Index i) {
      dcode[i] = dlatent[i] + factor * (context.code[i] - context.latent[i]);
    });
    add_metrics(context, context.latent, sums);
    if (context.parameters.updated && !context.info.frozen) update_codebook(context);
  }

  template <class Scalar, class Layer>
  void infer(const BottleneckContext<Scalar, Layer>& context) const {
    quantize(context, context.pass.workspace.temporary(cache_size(context.info, context.pass.batch)), context.code);
  }

  template <class Scalar, class Layer>
  void measure(const BottleneckContext<Scalar, Layer>& context, double* sums) const {
    Scalar* quantized = context.pass.workspace.temporary(context.values());
    quantize(context, context.cache, quantized);
    add_metrics(context, quantized, sums);
  }
  ///@}

 private:
  enum Position : std::uint32_t { initial, revival };  // of the random streams

  Index width(const LayerInfo& info) const { return info.out.channels / groups; }
  Index vectors(const LayerInfo& info) const { return info.out.size() / width(info); }

  // The parts of the memory from `kept`: after the packed codebook the indices, then the usage.
  template <class Context, class Scalar>
  Scalar* indices(const Context& context, Scalar* kept) const {
    return kept + detail::packed_codebook_size(codes, width(context.info));
  }
  template <class Context, class Scalar>
  Scalar* usage(const Context& context, Scalar* kept) const {
    return indices(context, kept) + context.pass.batch * vectors(context.info);
  }

  /// Writes the codebook, the indices and the usage to `kept`, and the nearest code of each vector to `to`.
  template <class Scalar, class Layer>
  void quantize(const BottleneckContext<Scalar, Layer>& context, Scalar* kept, Scalar* to) const {
    const Index d = width(context.info), count = context.pass.batch * vectors(context.info);
    const auto& layout = context.parameters.layout;
    const Scalar* counts = context.parameters.statistics + layout.statistics_block(context.first_statistics).offset;
    const Scalar* sums = context.parameters.statistics + layout.statistics_block(context.first_statistics + 1).offset;
    const detail::Codebook<Scalar> book(counts, sums, codes, d, kept);
    Scalar* index = indices(context, kept);
    detail::parallel_tiles(count, 64, context.pass.team(context.values() * codes), [&](Index first, Index n, int) {
      book.nearest(context.code + first * d, n, index + first);
      for (Index v = first; v < first + n; ++v) book.copy(static_cast<Index>(index[v]), to + v * d);
    });
    Scalar* used = usage(context, kept);
    std::fill_n(used, codes, Scalar(0));
    for (Index v = 0; v < count; ++v) used[static_cast<Index>(index[v])] += 1;
  }

  /// Adds the sums of both terms over the batch, after `quantize`.
  template <class Scalar, class Layer>
  void add_metrics(const BottleneckContext<Scalar, Layer>& context, const Scalar* quantized, double* sums) const {
    double square = 0, entropy = 0;
    for (Index i = 0; i < context.values(); ++i) {
      const double difference = static_cast<double>(context.code[i]) - static_cast<double>(quantized[i]);
      square += difference * difference;
    }
    const double count = static_cast<double>(context.pass.batch * vectors(context.info));
    const Scalar* used = usage(context, context.cache);
    for (Index k = 0; k < codes; ++k)
      if (const double share = static_cast<double>(used[k]) / count; share > 0) entropy -= share * std::log(share);
    sums[0] += commitment * square;
    sums[1] += std::exp(entropy) * static_cast<double>(context.pass.batch);
  }

  /// Updates the moving averages, and with them the codebook, by the vectors of the batch.
  template <class Scalar, class Layer>
  void update_codebook(const BottleneckContext<Scalar, Layer>& context) const {
    const auto& layout = context.parameters.layout;
    Scalar* counts = context.parameters.updated + layout.statistics_block(context.first_statistics).offset;
    Scalar* sums = context.parameters.updated + layout.statistics_block(context.first_statistics + 1).offset;
    const Scalar* used = usage(context, context.cache);
    for (Index k = 0; k < codes; ++k) update_ema(counts[k], static_cast<double>(used[k]));
    update_sums(context, sums);
    if (revive_below > 0) revive(context, counts, sums);
  }

  /// Updates the sums. Each task has a block of values of a block of codes, whose sum it takes over all vectors.
  template <class Scalar, class Layer>
  void update_sums(const BottleneckContext<Scalar, Layer>& context, Scalar* sums) const {
    constexpr Index block = 2048;  // values of a task
    const Index d = width(context.info), count = context.pass.batch * vectors(context.info);
    const Index block_width = (std::min)(d, block), block_codes = block / block_width;
    const Index blocks_across = (d + block_width - 1) / block_width;
    const Index tasks = (codes + block_codes - 1) / block_codes * blocks_across;
    const Scalar* index = indices(context, context.cache);
    detail::parallel_for(tasks, context.pass.team(context.values() * 8 + tasks * count), [&](Index task, int) {
      const Index first = task / blocks_across * block_codes, last = (std::min)(first + block_codes, codes);
      const Index from = task % blocks_across * block_width, n = (std::min)(block_width, d - from);
      double sum[block] = {};
      for (Index v = 0; v < count; ++v) {
        const auto k = static_cast<Index>(index[v]);
        if (k < first || k >= last) continue;
        const Scalar* z = context.code + v * d + from;
        for (Index i = 0; i < n; ++i) sum[(k - first) * block_width + i] += static_cast<double>(z[i]);
      }
      for (Index k = first; k < last; ++k)
        for (Index i = 0; i < n; ++i) update_ema(sums[k * d + from + i], sum[(k - first) * block_width + i]);
    });
  }

  /// Replaces rarely used codes by vectors of the batch. A replaced code starts with the mean count of all codes.
  template <class Scalar, class Layer>
  void revive(const BottleneckContext<Scalar, Layer>& context, Scalar* counts, Scalar* sums) const {
    double total = 0;
    for (Index k = 0; k < codes; ++k) total += static_cast<double>(counts[k]);
    const double share = total / static_cast<double>(codes);
    const Index d = width(context.info), count = context.pass.batch * vectors(context.info);
    Random random(context.pass.seed, Purpose::bottleneck, revival, context.pass.step);
    for (Index k = 0; k < codes; ++k) {
      if (static_cast<double>(counts[k]) >= revive_below * share) continue;
      const Scalar* z = context.code + random.below(static_cast<std::uint32_t>(count)) * d;
      counts[k] = static_cast<Scalar>(share);
      for (Index i = 0; i < d; ++i) sums[k * d + i] = static_cast<Scalar>(share) * z[i];
    }
  }

  /// Updates an exponential moving average by the batch's value.
  template <class Scalar>
  void update_ema(Scalar& average, double value) const {
    average = static_cast<Scalar>(decay * static_cast<double>(average) + (1 - decay) * value);
  }
};

}  // namespace eigencoder
