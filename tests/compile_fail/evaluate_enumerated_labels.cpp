// expect: eigencoder: labels are whole numbers from 0 or names of classes, in a vector, span or array; convert those of an enumeration
#include <eigencoder/classification.hpp>
#include <eigencoder/eigencoder.hpp>
#include <vector>

using namespace eigencoder;

using Small = Classifier<Encoder<Input<4>, Dense<3>, Relu>, Classes<3>>;
enum class Animal { cat, dog };

int main() { Small().evaluate(MatrixX<float>(4, 2), std::vector{Animal::cat, Animal::dog}); }
