// write <folder>: writes each model of models.hpp as a header into the folder, and cases.hpp: inputs, and what the
// models make of them.
#include "models.hpp"

#include <cmath>
#include <cstdio>
#include <eigencoder/export/export_header.hpp>
#include <string>

using namespace eigencoder;

namespace {

/// Values in (0, 1) that sum to 1 over the channels: every loss takes them.
template <class Scalar>
MatrixX<Scalar> some_values(Shape shape, Index samples, std::uint64_t seed) {
  Random random(seed, Purpose::sampling);
  MatrixX<Scalar> values(shape.size(), samples);
  for (Index first = 0; first < values.size(); first += shape.channels) {
    Scalar rest = 1;
    for (Index c = 1; c < shape.channels; ++c)
      rest -= values.data()[first + c] =
          static_cast<Scalar>(1 / (2 + std::exp(random.normal())) / static_cast<double>(shape.channels));
    values.data()[first] = rest;
  }
  return values;
}

class Writer {
 public:
  explicit Writer(const std::string& folder)
      : folder_(folder), file_(std::fopen((folder + "/cases.hpp").c_str(), "w")) {}
  ~Writer() { std::fclose(file_); }

  template <class Model>
  void write(const std::string& name, Model model, bool decodes = true) {
    using Scalar = typename Model::Scalar;
    model.fit(some_values<Scalar>(model.input_shape(), 64, 1), some_values<Scalar>(model.target_shape(), 64, 1),
              Adam{.learning_rate = 2e-2}, {.epochs = 3, .batch_size = 16});
    export_header(model, folder_ + "/" + name + ".hpp", {.name = name});
    std::fprintf(file_, "#include \"%s.hpp\"\n", name.c_str());

    const MatrixX<Scalar> inputs = some_values<Scalar>(model.input_shape(), 3, 2);
    checks_ += "  all &= agrees<" + name + "::Scalar>({\"" + name + "\", " + name + "::working_size, " +
               values(name + "_inputs", inputs) + ", " + values(name + "_codes", model.encode(inputs)) + ", " +
               values(name + "_outputs", model.reconstruct(inputs)) + ", " + name + "::encode, " +
               (decodes ? name + "::decode" : "nullptr") + ", " + name + "::reconstruct});\n";
  }
  template <class Scalar>
  void write_all(const std::string& scalar) {
    write("activations_" + scalar, models::Activations<Scalar>{});
    write("convolutions_" + scalar, models::Convolutions<Scalar>{});
    write("transposed_" + scalar, models::Transposed<Scalar>{});
    write("shuffled_" + scalar, models::Shuffled<Scalar>{});
    write("mirrored_transposed_" + scalar, models::MirroredTransposed<Scalar>{});
    write("tied_" + scalar, models::Tied<Scalar>{});
    write("linked_" + scalar, models::Skips<Scalar>{}, false);
    write("sparsest_" + scalar, models::Sparsest<Scalar>{});
    write("quantized_" + scalar, models::Quantized<Scalar>{});
    write("drawn_" + scalar, models::Drawn<Scalar>{});
    write("enlarging_" + scalar, models::Enlarging<Scalar>{});
    write("by_value_" + scalar, models::by_value<Scalar>());
  }
  void end() {
    std::fprintf(file_, "\ninline bool all_agree() {\n  bool all = true;\n%s  return all;\n}\n", checks_.c_str());
  }

 private:
  template <class Scalar>
  std::string values(const std::string& name, const MatrixX<Scalar>& matrix) {
    std::fprintf(file_, "inline constexpr %s %s[] = {", sizeof(Scalar) == 4 ? "float" : "double", name.c_str());
    for (Index i = 0; i < matrix.size(); ++i)
      std::fprintf(file_, "%a%s,\n", static_cast<double>(matrix.data()[i]), sizeof(Scalar) == 4 ? "f" : "");
    std::fprintf(file_, "};\n");
    return "{" + name + ", " + std::to_string(matrix.rows()) + "}";
  }

  std::string folder_, checks_;
  std::FILE* file_;
};

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) return 2;
  Writer writer(arguments[1]);
  writer.write_all<float>("float");
  writer.write_all<double>("double");
  writer.end();
}
