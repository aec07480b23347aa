// expect: eigencoder: fit takes an optimizer after the labels: classifier.fit(samples, labels, Adam{})
#include <eigencoder/classification.hpp>
#include <eigencoder/eigencoder.hpp>
#include <vector>

using namespace eigencoder;

using Small = Classifier<Encoder<Input<4>, Dense<3>, Relu>, Classes<3>>;

int main() { Small().fit(MatrixX<float>(4, 2), std::vector{0, 1}, {.epochs = 20}); }
