// expect: eigencoder: labels are whole numbers from 0 or names of classes, in a vector, span or array; convert those of an enumeration
#include <eigencoder/classification.hpp>
#include <eigencoder/eigencoder.hpp>

using namespace eigencoder;

using Small = Classifier<Encoder<Input<4>, Dense<3>, Relu>, Classes<3>>;
enum class Animal { cat, dog };

int main() { Small().fit(MatrixX<float>(4, 2), {Animal::cat, Animal::dog}, Adam{}); }
