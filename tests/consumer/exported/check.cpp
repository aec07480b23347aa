// What a small device would run: written headers, without exceptions, run-time types or a heap. Any allocation once
// main has begun ends the program.
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <cstdlib>

#include "no_heap.hpp"

namespace {

template <class Scalar>
struct Samples {
  const Scalar* values;
  std::size_t size;  // of a sample
};

template <class Scalar>
struct Case {
  using Function = void (*)(const Scalar*, Scalar*, Scalar*) noexcept;
  const char* name;
  std::size_t working_size;
  Samples<Scalar> inputs, codes, outputs;
  Function encode, decode, reconstruct;
};

// Whether a function makes of three samples what the model made of them: to a millionth of the largest value. Nothing
// beyond the working memory is touched.
template <class Scalar>
bool gives(std::size_t working_size, typename Case<Scalar>::Function function, const Samples<Scalar>& from,
           const Samples<Scalar>& to) {
  static Scalar working[1 << 14], result[1 << 12];
  if (working_size + 1 > sizeof working / sizeof(Scalar) || to.size > sizeof result / sizeof(Scalar)) std::abort();
  double largest = 0, difference = 0;
  for (std::size_t j = 0; j < 3; ++j) {
    for (Scalar& value : working) value = static_cast<Scalar>(NAN);
    working[working_size] = 7;
    function(from.values + j * from.size, result, working);
    if (working[working_size] < 7 || working[working_size] > 7) std::abort();
    for (std::size_t i = 0; i < to.size; ++i) {
      const double expected = static_cast<double>(to.values[j * to.size + i]), got = static_cast<double>(result[i]);
      largest = std::fmax(largest, std::abs(expected));
      difference = std::isnan(got) ? HUGE_VAL : std::fmax(difference, std::abs(got - expected));
    }
  }
  return largest > 0 && difference <= 1e-6 * largest;
}

template <class Scalar>
bool agrees(const Case<Scalar>& of) {
  bool good = true;
  const auto check = [&](const char* what, typename Case<Scalar>::Function function, const Samples<Scalar>& from,
                         const Samples<Scalar>& to) {
    if (!function || gives(of.working_size, function, from, to)) return;
    std::fprintf(stderr, "%s: %s does not agree with the model\n", of.name, what);
    good = false;
  };
  check("encode", of.encode, of.inputs, of.codes);
  check("decode", of.decode, of.codes, of.outputs);
  check("reconstruct", of.reconstruct, of.inputs, of.outputs);
  return good;
}

}  // namespace

#include "cases.hpp"

namespace {

// As the header's first lines say: sizes checked by the compiler, working memory on the stack.
bool arrays_agree() {
  namespace model = drawn_float;
  static_assert(model::working_bytes == sizeof(model::Working) && sizeof(model::Input) == 24 * sizeof(float));
  static_assert(noexcept(model::reconstruct(model::Input{}, *static_cast<model::Output*>(nullptr))));
  model::Input input{};
  for (std::size_t i = 0; i < input.size(); ++i) input[i] = drawn_float_inputs[i];
  model::Code code;
  model::Output output, decoded;
  model::encode(input, code);
  model::decode(code, decoded);
  model::reconstruct(input, output);
  return output == decoded;
}

}  // namespace

int main() {
  armed = true;
  return all_agree() && arrays_agree() ? 0 : 1;
}
