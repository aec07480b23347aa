// expect: eigencoder: a classifier learns from labels: classifier.fit(samples, labels, Adam{})
#include <eigencoder/classification.hpp>
#include <eigencoder/eigencoder.hpp>

using namespace eigencoder;

using Small = Classifier<Encoder<Input<4>, Dense<3>, Relu>, Classes<3>>;

int main() { Small().fit(MatrixX<float>(4, 10), Adam{}, {.epochs = 20}); }
