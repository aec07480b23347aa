#pragma once

#include <cmath>
#include <eigencoder/detail/base/parallel.hpp>
#include <eigencoder/detail/bottleneck/nearest_code.hpp>
#include <eigencoder/extend/bottleneck.hpp>
#include <eigencoder/extend/gradient_sink.hpp>

namespace eigencoder {

/// The policy that makes codes discrete (van den Oord, Vinyals & Kavukcuoglu 2017, "Neural discrete representation
/// learning"): each vector z of a code becomes the nearest vector e of a learned codebook; of equally near ones the
/// first. The channels at a position of an image are one vector, a flat code is one too, or cut into `groups`.
///
///     VectorQuantized<512>                  512 codes
///     VectorQuantized<64>{.groups = 4}      a flat code of 32 values is four vectors of 8
///     VectorQuantized<>{.codes = k}         their number by value
///
/// The gradient passes straight through, dL/dz = dL/de; the commitment term `commitment` ||z - e||^2, a mean over the
/// samples, moves z alone (eq. 3). The codebook takes no gradient: it follows the encoder's vectors by moving averages
/// (appendix A.1) of how many came to each code in a batch and of their sum, both running statistics. `encode` gives
/// vectors of the codebook; `code_indices` and `codebook` (evaluation/codebook.hpp) tell which. The perplexity of a
/// batch, e to the entropy of its codes' frequencies, is how many were in use, were all used alike; an evaluation gives
/// its mean over pieces of 256 samples.
template <Index K = Dynamic>
struct VectorQuantized {
  static constexpr std::string_view kind = "VectorQuantized";
  static constexpr Index place = AllLayers::place;
  static constexpr bool quantizes = true;
  static constexpr TermName terms[] = {{"commitment", true}, {"perplexity", false}};

  Index codes = K;
  Index groups = 1;          ///< vectors at a position; must divide the channels
  double commitment = 0.25;  ///< beta
  double decay = 0.99;       ///< of the moving averages, a batch
  /// A code that is used less than this times as often as if all were used alike, by the moving averages, is put on a
  /// vector of the batch, drawn at random (Dhariwal et al. 2020, "Jukebox", section 3.1); 0: none is.
  double revive_below = 0.05;

  void validate() const {
    if (!(codes > 0 && codes <= Index{1} << 24 && (K == Dynamic || codes == K)))
      throw OptionError("eigencoder: VectorQuantized.codes must lie in [1, 2^24] and agree with the type");
    if (groups < 1) throw OptionError("eigencoder: VectorQuantized.groups must be at least 1");
    if (!(commitment >= 0 && std::isfinite(commitment)))
      throw OptionError("eigencoder: VectorQuantized.commitment must be finite and at least 0");
    if (!(decay >= 0 && decay < 1)) throw OptionError("eigencoder: VectorQuantized.decay must lie in [0, 1)");
    if (!(revive_below >= 0 && revive_below < 1))
      throw OptionError("eigencoder: VectorQuantized.revive_below must lie in [0, 1)");
  }
  Index draws() const { return 1; }

  /// The counts and the sums. Throws `OptionError` where the groups do not divide the channels.
  template <class Layer>
  void declare(ParameterLayout& layout, Index position, const Layer&, const LayerInfo& shapes) const {
    if (shapes.out.channels % groups != 0)
      throw OptionError(detail::message({"VectorQuantized.groups: ", groups, " do not divide the code's ",
                                         shapes.out.channels, shapes.out.is_flat() ? " values" : " channels"}));
    if (width(shapes) > max_bytes / codes) detail::too_large(width(shapes));
    layout.add_statistics(position, codes, 1, {nonnegative});
    layout.add_statistics(position, codes * width(shapes), 0);
  }

  /// Values of variance 1 / width, so that vectors have a length of about 1.
  template <class Scalar, class Layer>
  void initialize(const ParameterLayout& layout, Index, Index first_statistics, const Layer&, const LayerInfo& shapes,
                  std::uint64_t seed, Scalar*, Scalar* statistics) const {
    Random random(seed, Purpose::bottleneck, initial);
    const double deviation = 1 / std::sqrt(static_cast<double>(width(shapes)));
    Scalar* sums = statistics + layout.statistics_block(first_statistics + 1).offset;
    for (Index i = 0; i < codes * width(shapes); ++i) sums[i] = static_cast<Scalar>(deviation * random.normal());
  }

  /// The codebook, the index of each vector's code, and how many vectors came to each code.
  Index kept(const LayerInfo& shapes, Index batch) const {
    return detail::codebook_room(codes, width(shapes)) + batch * vectors(shapes) + codes;
  }

  template <class Scalar, class Layer>
  void forward(const BottleneckContext<Scalar, Layer>& context) const {
    quantize(context, context.kept, context.latent);
  }

  /// Then the codebook moves.
  template <class Scalar, class Layer>
  void backward(const BottleneckContext<Scalar, Layer>& context, Scalar* dlatent, Scalar* dcode, Scalar*, double* sums,
                GradientSink<Scalar>&) const {
    const auto factor = static_cast<Scalar>(2 * commitment / static_cast<double>(context.pass.batch));
    detail::parallel_tiles(context.values(), detail::pointwise_tile, context.pass.team(context.values() * 8),
                           [&](Index first, Index n, int) {
                             for (Index i = first; i < first + n; ++i)
                               dcode[i] = dlatent[i] + factor * (context.code[i] - context.latent[i]);
                           });
    tell(context, context.latent, sums);
    if (context.learned.updated) follow(context);
  }

  template <class Scalar, class Layer>
  void infer(const BottleneckContext<Scalar, Layer>& context) const {
    quantize(context, context.pass.workspace.spare(kept(context.shapes, context.pass.batch)), context.code);
  }

  template <class Scalar, class Layer>
  void measure(const BottleneckContext<Scalar, Layer>& context, double* sums) const {
    Scalar* quantized = context.pass.workspace.spare(context.values());
    quantize(context, context.kept, quantized);
    tell(context, quantized, sums);
  }

 private:
  enum Draws : std::uint32_t { initial, revival };

  Index width(const LayerInfo& shapes) const { return shapes.out.channels / groups; }
  Index vectors(const LayerInfo& shapes) const { return shapes.out.size() / width(shapes); }

  // Where things lie in what is kept.
  template <class LayerInfo, class Scalar>
  Scalar* indices(const LayerInfo& context, Scalar* kept) const {
    return kept + detail::codebook_room(codes, width(context.shapes));
  }
  template <class LayerInfo, class Scalar>
  Scalar* usage(const LayerInfo& context, Scalar* kept) const {
    return indices(context, kept) + context.pass.batch * vectors(context.shapes);
  }

  /// Writes the codebook, the indices and the usage to `kept`, and for each vector its code to `to`.
  template <class Scalar, class Layer>
  void quantize(const BottleneckContext<Scalar, Layer>& context, Scalar* kept, Scalar* to) const {
    const Index d = width(context.shapes), count = context.pass.batch * vectors(context.shapes);
    const auto& layout = context.learned.layout;
    const Scalar* counts = context.learned.statistics + layout.statistics_block(context.first_statistics).offset;
    const Scalar* sums = context.learned.statistics + layout.statistics_block(context.first_statistics + 1).offset;
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

  /// Adds both terms, from what is kept.
  template <class Scalar, class Layer>
  void tell(const BottleneckContext<Scalar, Layer>& context, const Scalar* quantized, double* sums) const {
    double square = 0, entropy = 0;
    for (Index i = 0; i < context.values(); ++i) {
      const double apart = static_cast<double>(context.code[i]) - static_cast<double>(quantized[i]);
      square += apart * apart;
    }
    const double count = static_cast<double>(context.pass.batch * vectors(context.shapes));
    const Scalar* used = usage(context, context.kept);
    for (Index k = 0; k < codes; ++k)
      if (const double share = static_cast<double>(used[k]) / count; share > 0) entropy -= share * std::log(share);
    sums[0] += commitment * square;
    sums[1] += std::exp(entropy) * static_cast<double>(context.pass.batch);
  }

  /// Moves the averages towards the batch.
  template <class Scalar, class Layer>
  void follow(const BottleneckContext<Scalar, Layer>& context) const {
    const auto& layout = context.learned.layout;
    Scalar* counts = context.learned.updated + layout.statistics_block(context.first_statistics).offset;
    Scalar* sums = context.learned.updated + layout.statistics_block(context.first_statistics + 1).offset;
    const Scalar* used = usage(context, context.kept);
    for (Index k = 0; k < codes; ++k) move(counts[k], static_cast<double>(used[k]));
    follow_sums(context, sums);
    if (revive_below > 0) revive(context, counts, sums);
  }

  /// A task sums some values of some codes, over all vectors.
  template <class Scalar, class Layer>
  void follow_sums(const BottleneckContext<Scalar, Layer>& context, Scalar* sums) const {
    constexpr Index room = 2048;
    const Index d = width(context.shapes), count = context.pass.batch * vectors(context.shapes);
    const Index stretch = (std::min)(d, room), together = room / stretch, pieces = (d + stretch - 1) / stretch;
    const Index tasks = (codes + together - 1) / together * pieces;
    const Scalar* index = indices(context, context.kept);
    detail::parallel_for(tasks, context.pass.team(context.values() * 8 + tasks * count), [&](Index task, int) {
      const Index first = task / pieces * together, last = (std::min)(first + together, codes);
      const Index from = task % pieces * stretch, n = (std::min)(stretch, d - from);
      double sum[room] = {};
      for (Index v = 0; v < count; ++v) {
        const auto k = static_cast<Index>(index[v]);
        if (k < first || k >= last) continue;
        const Scalar* z = context.code + v * d + from;
        for (Index i = 0; i < n; ++i) sum[(k - first) * stretch + i] += static_cast<double>(z[i]);
      }
      for (Index k = first; k < last; ++k)
        for (Index i = 0; i < n; ++i) move(sums[k * d + from + i], sum[(k - first) * stretch + i]);
    });
  }

  /// A revived code begins with an even share of the use.
  template <class Scalar, class Layer>
  void revive(const BottleneckContext<Scalar, Layer>& context, Scalar* counts, Scalar* sums) const {
    double total = 0;
    for (Index k = 0; k < codes; ++k) total += static_cast<double>(counts[k]);
    const double share = total / static_cast<double>(codes);
    const Index d = width(context.shapes), count = context.pass.batch * vectors(context.shapes);
    Random random(context.pass.seed, Purpose::bottleneck, revival, context.pass.step);
    for (Index k = 0; k < codes; ++k) {
      if (static_cast<double>(counts[k]) >= revive_below * share) continue;
      const Scalar* z = context.code + random.below(static_cast<std::uint32_t>(count)) * d;
      counts[k] = static_cast<Scalar>(share);
      for (Index i = 0; i < d; ++i) sums[k * d + i] = static_cast<Scalar>(share) * z[i];
    }
  }

  template <class Scalar>
  void move(Scalar& average, double value) const {
    average = static_cast<Scalar>(decay * static_cast<double>(average) + (1 - decay) * value);
  }
};

}  // namespace eigencoder
