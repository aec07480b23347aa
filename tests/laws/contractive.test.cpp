// The gradient law for penalties on the Jacobian of the code.
#include <eigencoder/bottleneck/variational.hpp>
#include <eigencoder/corruption/denoising.hpp>

#include "support/catch.hpp"
#include "laws/contracted.hpp"
#include "laws/gradient_check.hpp"

using namespace laws;

namespace {

template <class C, class... Others, class Directions>
void check(const char* name, const Contractive<Directions>& policy) {
  typename C::template Model<Contractive<Directions>, Others...> model(policy);
  check_gradient(model, name, C::seed);
}

template <class C, class... Others>
void check_all() {
  INFO(eigencoder::detail::type_name<typename C::Encoder>().view());
  check<C, Others...>("exact", Contractive{.weight = 0.7});
  check<C, Others...>("exact, Hessian",
                      Contractive{.weight = 0.7, .hessian_weight = 2, .noise = 0.2, .noise_draws = 2});
  check<C, Others...>("probes", Contractive{Probes{2}, 0.7});
  check<C, Others...>("probes, Hessian", Contractive{Probes{2}, 0.7, 2, 0.2});
}

}  // namespace

TEST_CASE("the gradient is that of the objective with contractive penalties") {
  each(ContractedModels{}, []<class C>() { check_all<C>(); });
}

TEST_CASE("contractive penalties with random layers, corrupted inputs and codes that are drawn") {
  check_all<Contracted<Encoder<Input<6>, Dropout, Dense<5>, Tanh, Dropout, Dense<3>, Sigmoid>, Decoder<Mirror>>>();
  check_all<Contracted<Encoder<Image<2, 3, 2>, Conv2d<4, 1>, Dropout2d, Tanh, Dense<3>>, Decoder<TiedMirror>>>();
  check_all<Contracted<Deep, Decoder<TiedMirror>>, Denoising<Masking>, WeightDecay<>, Sparse<KlSparsity>>();
  using Mean = Encoder<Input<6>, Dense<5>, Tanh, Dense<3>>;
  check_all<Contracted<Mean, Decoder<Mirror>>, Variational<>>();
}
